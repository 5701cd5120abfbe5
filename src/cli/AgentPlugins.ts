/** Where the plugins of the agent stand that a command runs on, for those who watch. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { PluginStatus } from "../agent/index.ts"

export class AgentPlugins extends Context.Service<
  AgentPlugins,
  {
    /** Whether the agent is another process, which goes on without this one. */
    readonly isElsewhere: boolean
    /** Empty where the agent is another process, whose log says it. */
    readonly status: Effect.Effect<ReadonlyArray<PluginStatus>>
  }
>()("formae/cli/AgentPlugins") {}
