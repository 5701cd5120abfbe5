import * as Effect from "effect/Effect"
import type { Finished } from "../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../protocol/Resource.ts"
import { expectSuccess } from "./peer/expectEnd.ts"
import { PluginUnusable } from "./peer/PluginUnusable.ts"
import type { TypeAtTarget } from "./peer/TypeAtTarget.ts"
import type { Finding } from "./report/Finding.ts"
import type { SetupResource } from "./samples/Samples.ts"

/** Makes a resource that samples refer to; without it there is nothing to test. */
export const makeSetupResource = Effect.fnUntraced(function* (
  { label, type }: SetupResource,
  known: ReadonlyMap<string, TypeCapabilities>,
  create: (subject: Pick<TypeAtTarget, "type" | "capabilities">) => Effect.Effect<Finished, Finding>,
) {
  const capabilities = known.get(type)
  if (capabilities === undefined) {
    return yield* new PluginUnusable({ message: `setup: the plugin does not know the type ${type} of ${label}` })
  }
  const { properties } = yield* Effect.mapError(
    expectSuccess("Create", create({ type, capabilities })),
    ({ seen }) => new PluginUnusable({ message: `setup: ${label} can not be made: ${seen}` }),
  )
  return properties
})
