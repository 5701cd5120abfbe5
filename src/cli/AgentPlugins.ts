/** What a command knows of the plugins of its agent, which may be in another process. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** A plugin that has crashed, and when it is started again, in milliseconds since 1970. */
export interface PluginRestart {
  readonly namespace: string
  readonly at: number
}

export class AgentPlugins extends Context.Service<
  AgentPlugins,
  {
    /** Whether the agent is another process, which goes on without this one. */
    readonly isElsewhere: boolean
    /** The plugins that wait for their restart now. */
    readonly restarts: Effect.Effect<ReadonlyArray<PluginRestart>>
  }
>()("formae/cli/AgentPlugins") {}
