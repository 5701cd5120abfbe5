/** A field that a service always returns, although it is optional in the SDK's types. */
import { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"

export const required = (name: string, value: string | undefined): Effect.Effect<string, ProviderError> =>
  value === undefined
    ? Effect.fail(ProviderError.of("GeneralServiceException", `The service did not return ${name}`))
    : Effect.succeed(value)
