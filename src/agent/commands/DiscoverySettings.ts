/** What is set for discoveries, by plugin. An agent that stays may change it while it runs. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { DiscoveryQuery } from "./discoveryQuery.ts"

/** What is looked for at the targets of one plugin, where a discovery does not say it. */
export interface PluginDiscovery {
  /** The types. `AWS::EC2` stands for all types that begin so. */
  readonly types?: ReadonlyArray<string>
  /** Only resources that have these values. */
  readonly query?: DiscoveryQuery
  /** What has all values of one of these is left out. */
  readonly filters?: ReadonlyArray<DiscoveryQuery>
}

/** Gives what holds now, by the name of a plugin. Is asked for each discovery. */
export const DiscoverySettings = Context.Reference<Effect.Effect<(plugin: string) => PluginDiscovery | undefined>>(
  "formae/agent/commands/DiscoverySettings",
  { defaultValue: () => Effect.succeed(() => undefined) },
)
