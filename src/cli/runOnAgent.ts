/** Runs one command on the agent: progress on stderr, Ctrl-C, the result and the exit code. */
import * as Effect from "effect/Effect"
import { withNotes } from "../agent/commands/CommandResult.ts"
import { operatorSettingsOf } from "../agent/configuration/OperatorConfiguration.ts"
import { Agent, type CommandName, type CommandOptions, type CommandResult, CurrentAsked } from "../agent/index.ts"
import { userName } from "../platform/userName.ts"
import { readConfig } from "./AgentConfig.ts"
import { refused } from "./agentFailures.ts"
import { askDetach } from "./askDetach.ts"
import { withAgentAdvice } from "./advice/adviceForRunningAgent.ts"
import { AgentPlugins } from "./AgentPlugins.ts"
import type { CommandFailure } from "./CommandFailure.ts"
import { followProgress } from "./CommandProgress.ts"
import { conversionNotes } from "./conversionNotes.ts"
import { Interruption, interruptible } from "./Interruption.ts"
import { type AgentOptions, layerAgent } from "./layerAgent.ts"
import { printResult, withJsonError } from "./printResult.ts"
import type { AgentFlags } from "./SharedFlags.ts"
import type { WithoutLiveLines } from "./progress/liveTable.ts"
import { withProgress } from "./withProgress.ts"

/** How a command runs whose progress is shown. */
export interface RunOptions extends CommandOptions {
  /** Runs what writes to stderr by itself, such as a question. */
  readonly withoutLiveLines: WithoutLiveLines
}

/** The commands that can be stopped at a safe point. */
const changesSomething: ReadonlySet<CommandName> = new Set(["apply", "destroy", "resume"])

/**
 * Runs `run` on the agent that the flags describe, and prints its result, and gives it.
 * `failureOf` says how the process ends if `run` fails.
 */
export const runOnAgent = <E, R>(
  name: CommandName,
  flags: AgentFlags,
  run: (agent: Agent["Service"], options: RunOptions) => Effect.Effect<CommandResult, E, R>,
  failureOf: (error: E) => CommandFailure,
  opening?: AgentOptions,
) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const plugins = yield* AgentPlugins
    const interruption = yield* Interruption
    const { follow, progress } = followProgress()
    const { retry } = operatorSettingsOf((yield* readConfig(flags.config)).operator)
    const whenInterrupted = () => (interruption.detaching?.isDetached === true ? "leave" : "cancel")
    const shown = withProgress(name, { retry, restarts: plugins.restarts }, (observe, withoutLiveLines) =>
      Effect.andThen(
        plugins.isElsewhere && changesSomething.has(name) ? askDetach(withoutLiveLines) : Effect.void,
        Effect.mapError(
          run(agent, {
            observe: follow(observe),
            stopWhen: interruption.requested,
            whenInterrupted,
            withoutLiveLines,
          }),
          (error) => (plugins.isElsewhere ? withAgentAdvice(error, failureOf(error), progress) : failureOf(error)),
        ),
      ).pipe(Effect.scoped, Effect.provideService(CurrentAsked, { by: userName() })),
    )
    const result = yield* changesSomething.has(name) ? interruptible(progress, shown) : shown
    return { result: withNotes(result, yield* conversionNotes), formae: progress.formae() }
  }).pipe(
    Effect.provide(layerAgent(flags, opening)),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    Effect.tap(printResult(flags.json)),
    Effect.map(({ result }) => result),
    withJsonError(flags.json, name),
  )
