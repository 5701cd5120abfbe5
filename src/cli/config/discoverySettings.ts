/** What the configuration says is discovered of each plugin. An agent that stays is told of changes. */
import * as Effect from "effect/Effect"
import type { AgentConfiguration } from "../../agent/configuration/AgentConfiguration.ts"
import { DiscoverySettings } from "../../agent/index.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import * as Layer from "effect/Layer"

type Configured = Pick<AgentConfiguration, "plugin">

/** `use` replaces what holds. */
export const makeDiscoverySettings = (configured: Configured) => {
  let current = configured
  return {
    layer: Layer.succeed(
      DiscoverySettings,
      Effect.sync(() => (plugin: string) => ownValue(current.plugin, plugin)?.discover),
    ),
    use: (next: Configured): void => void (current = next),
  }
}
