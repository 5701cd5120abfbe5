/** Properties as a service returned them. */
import { ProviderError } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"

type Json = Properties[string]

/** Leaves out what the service did not return: a property that is absent is not the same as one that is null. */
export const returned = (properties: Record<string, Json | undefined>): { readonly [name: string]: Json } =>
  Record.filter(properties, Predicate.isNotUndefined)

/** What a service always returns, although the SDK's types leave it open. */
export const required = (name: string, value: string | undefined): Effect.Effect<string, ProviderError> =>
  value === undefined
    ? Effect.fail(ProviderError.of("GeneralServiceException", `The service did not return ${name}`))
    : Effect.succeed(value)
