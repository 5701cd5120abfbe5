/** Which texts of a target no message may show. */
import * as Effect from "effect/Effect"
import { namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import { textsIn } from "../../protocol/Masking.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { PluginCoordinator } from "../supervision/PluginCoordinator.ts"

/** The secrets of a target. A plugin that cannot say which they are is not trusted with any. */
export const targetSecrets = (
  coordinator: PluginCoordinator["Service"],
  type: ResourceType,
  targetConfig: TargetConfig,
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.match(coordinator.capabilities(namespaceOf(type)), {
    onFailure: () => textsIn(targetConfig),
    onSuccess: (types) => {
      const names = types.get(type)?.targetSecrets ?? Object.keys(targetConfig)
      return names.flatMap((name) => textsIn(ownValue(targetConfig, name) ?? null))
    },
  })
