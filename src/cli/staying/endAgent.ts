/** Asks the agent of a state to stop, and waits for its end. */
import * as Effect from "effect/Effect"
import { AgentProcesses } from "../../agent/index.ts"
import { sendSignal } from "../../platform/signals.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { printProgress } from "../Outputs.ts"
import { stopMillis } from "./stopAgent.ts"

/** Its commands have `stopMillis`, and its plugins as long again. */
const endMillis = 2 * stopMillis + 10_000

/** Completes once the process of the agent is gone. */
export const endAgent = Effect.fnUntraced(function* (pid: number) {
  yield* printProgress(
    `Stopping the agent (pid ${pid}): what is under way comes to a safe point, for up to ${stopMillis / 1_000} s`,
  )
  yield* Effect.try({
    try: () => sendSignal(pid, "SIGTERM"),
    catch: (error) => failure(`The agent (pid ${pid}) cannot be asked to stop: ${String(error)}`),
  })
  // One that is dead and was not reaped is gone too.
  const { isRunning } = yield* Effect.provide(AgentProcesses, AgentProcesses.layer)
  const gone = isRunning(pid, null).pipe(Effect.delay("50 millis"), Effect.repeat({ until: (isThere) => !isThere }))
  yield* Effect.timeoutOrElse(gone, {
    duration: endMillis,
    orElse: () =>
      failure(`The agent (pid ${pid}) has not ended within ${endMillis / 1_000} s. Its log says what it waits for`),
  })
})

const failure = (message: string) =>
  new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: "AgentNotStopped", message } })
