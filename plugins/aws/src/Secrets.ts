/** What a service says of a request may quote it: what is secret in it is taken out of the failure. */
import { ProviderError, type ResourceDefinition } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** The same type; no failure of its creates and updates holds the value of an opaque property. */
export const withoutSecrets = <R>(definition: ResourceDefinition<R>): ResourceDefinition<R> => {
  const opaque = Object.entries(definition.capabilities.properties).flatMap(([name, traits]) =>
    traits.opaque ? [name] : [],
  )
  if (opaque.length === 0) return definition
  const redacted = <A>(given: Properties, call: Effect.Effect<A, ProviderError, R>) => {
    // Only the first line of what a service says is passed on, and with it perhaps the first line of a secret.
    const secrets = opaque.flatMap((name) => {
      const value = given[name]
      return Predicate.isString(value) ? [value, ...value.split(/\r?\n/)].filter((text) => text.trim() !== "") : []
    })
    return Effect.mapError(call, ({ code, message, nativeId }) => {
      const shown = secrets.reduce((text, secret) => text.replaceAll(secret, "<redacted>"), message)
      return ProviderError.of(code, shown, nativeId)
    })
  }
  const { create, update } = definition
  return {
    ...definition,
    create: (request) => redacted(request.properties, create(request)),
    update: update && ((request) => redacted(request.desired, update(request))),
  }
}
