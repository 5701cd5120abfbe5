/** A plugin whose creates wait until they are let go, and documents with one resource of it. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"

/** Things that are known by their name. Each create waits until it is let go. */
export const makeThings = () => {
  const calls: Array<string> = []
  const things = new Set<string>()
  const makeGates = () => {
    const gates = new Map<string, Deferred.Deferred<void>>()
    return (label: string) => {
      const gate = gates.get(label) ?? Deferred.makeUnsafe<void>()
      gates.set(label, gate)
      return gate
    }
  }
  const [beginOf, gateOf] = [makeGates(), makeGates()]
  const Thing = defineResource({
    type: "Named::Of::Thing",
    idempotency: "name",
    target: Schema.Struct({}),
    properties: Schema.Struct({ Name: Property.createOnly(Schema.String) }),
    create: ({ label, properties }) =>
      Effect.gen(function* () {
        calls.push(`${label} begins`)
        yield* Deferred.succeed(beginOf(label), undefined)
        yield* Deferred.await(gateOf(label))
        calls.push(`${label} ends`)
        if (things.has(properties.Name)) return yield* ProviderError.of("AlreadyExists", "it exists")
        things.add(properties.Name)
        return Answer.succeeded({ nativeId: properties.Name, properties })
      }),
    read: ({ nativeId }) =>
      things.has(nativeId)
        ? Effect.succeed({ Name: nativeId })
        : Effect.fail(ProviderError.of("NotFound", "there is no such thing")),
    delete: ({ nativeId }) =>
      Effect.sync(() => {
        things.delete(nativeId)
        return Answer.deleted(nativeId)
      }),
  })
  const plugin = inProcess(definePlugin({ name: "named", namespace: "Named", version: "1.0.0", types: [Thing] }))
  return {
    calls,
    plugin,
    /** Waits until the create of a label has begun. */
    begins: (label: string) => Deferred.await(beginOf(label)),
    letGo: (label: string) => Deferred.succeed(gateOf(label), undefined),
  }
}

/** A document with one thing, whose label is the name of the document. */
export const documentOf = (name: string, thing: string) => ({
  name,
  targets: { here: { namespace: Namespace.make("Named") } },
  resources: [
    { label: name, type: ResourceType.make("Named::Of::Thing"), target: "here", properties: { Name: thing } },
  ],
})
