/** The end of a process, whether by itself, at the agent's request or by force, and what it means. */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import type { OperationId } from "../../protocol/Identity.ts"
import type { ClientConnection } from "../../transport/ClientProtocol.ts"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { LaunchEnd } from "./Launch.ts"
import { classify, type LaunchFacts, type LaunchVerdict } from "./LaunchOutcome.ts"
import type { StopSettings } from "./LaunchSettings.ts"
import type { Remnants } from "./Remnants.ts"

/** How long the output of a dead process is still read: a grandchild may hold its pipes open. */
export const outputGrace = Duration.millis(250)

export interface ProcessEnd {
  readonly ended: Effect.Effect<LaunchEnd>
  /** Ends it at once for a reason, which becomes the outcome of the launch. */
  readonly condemn: (verdict: LaunchVerdict) => Effect.Effect<void>
  /** Ends it gracefully for a reason: closes its stdin, and gives it the time of a normal stop to exit. */
  readonly dismiss: (verdict: LaunchVerdict) => Effect.Effect<void>
  /** Says when the guard may have ended it, because the lease of the agent was over. */
  readonly endedByGuard: (isTime: () => boolean) => void
  /** Ends it at once, for a process that has begun nothing. */
  readonly kill: Effect.Effect<void>
}

export interface ProcessEndOptions {
  readonly handle: ChildProcessHandle
  /** What it has started outside of its group. */
  readonly remnants: Remnants
  readonly connection: Pick<ClientConnection, "closed" | "end">
  readonly stop: StopSettings
  /** The operations in flight, to be reported with the end of the launch. */
  readonly inFlight: () => ReadonlyArray<OperationId>
  /** Those of them that have no answer yet. */
  readonly unanswered: () => ReadonlyArray<OperationId>
  /** The last lines that it printed. */
  readonly output: () => ReadonlyArray<string>
  /** Completes when everything it printed on stderr has been read. */
  readonly stderrRead: Effect.Effect<unknown>
}

/** The signals that end the group of a process. */
export const stopSignals = ({ terminateMillis }: StopSettings) =>
  ({ killSignal: "SIGTERM", forceKillAfter: Duration.millis(terminateMillis) }) as const

/** Follows a process to its end. Closing the scope asks it to end, and waits for as long as a stop allows. */
export const followToEnd = Effect.fnUntraced(function* ({
  connection,
  handle,
  inFlight,
  output,
  remnants,
  stderrRead,
  stop,
  unanswered,
}: ProcessEndOptions): Effect.fn.Return<ProcessEnd, never, Scope.Scope> {
  let asked = false
  let verdict: LaunchVerdict | undefined
  let isGuardsTime = () => false
  const killNow = Effect.all([Effect.ignore(handle.kill({ killSignal: "SIGKILL" })), remnants.kill(handle.pid)], {
    concurrency: "unbounded",
    discard: true,
  })
  const inputEnded = Duration.millis(stop.inputEndedMillis)
  const exited = yield* Deferred.make<void>()
  const ended = yield* Deferred.make<LaunchEnd>()

  yield* Effect.gen(function* () {
    const exit = yield* awaitExit(handle)
    const leaseEnded = isGuardsTime()
    const sent = { operations: inFlight(), unanswered: unanswered() }
    yield* Deferred.succeed(exited, undefined)
    // What it printed before it died may not have arrived yet.
    yield* RunningTime.timeoutOption(Effect.all([connection.closed, stderrRead]), outputGrace)
    const facts: LaunchFacts = {
      ...exit,
      asked,
      leaseEnded,
      output: output(),
      ...(verdict === undefined ? {} : { verdict }),
    }
    yield* Deferred.succeed(ended, { outcome: classify(facts), ...sent, output: facts.output })
    // After a crash there is nothing to wait for: what is left of its group is killed at once.
    if (!asked && verdict?._tag !== "Recycled") yield* killNow
  }).pipe(Effect.forkScoped)

  const condemn = (reason: LaunchVerdict) =>
    Effect.suspend(() => {
      verdict ??= reason
      return killNow
    })

  yield* connection.closed.pipe(
    Effect.flatMap((reason) =>
      // A process that dies closes its stdout first. One that lives on cannot be reached any more.
      RunningTime.timeoutOrElse(Deferred.await(exited), {
        duration: outputGrace,
        orElse: () => (asked || verdict !== undefined ? Effect.void : condemn({ _tag: "ProtocolFault", reason })),
      }),
    ),
    Effect.forkScoped,
  )

  yield* Effect.addFinalizer(() => {
    asked = true
    return Effect.andThen(connection.end, RunningTime.timeoutOption(Deferred.await(ended), inputEnded))
  })

  return {
    ended: Deferred.await(ended),
    condemn,
    endedByGuard: (isTime) => {
      isGuardsTime = isTime
    },
    dismiss: (reason) =>
      Effect.suspend(() => {
        verdict ??= reason
        return Effect.andThen(
          connection.end,
          RunningTime.timeoutOrElse(Deferred.await(exited), {
            duration: inputEnded,
            orElse: () => Effect.ignore(handle.kill(stopSignals(stop))),
          }),
        )
      }),
    kill: Effect.suspend(() => {
      asked = true
      return killNow
    }),
  }
})

/** The exit of a process. Effect reports death by a signal as an error whose message names it. */
const awaitExit = (handle: ChildProcessHandle): Effect.Effect<Pick<LaunchFacts, "code" | "signal">> =>
  handle.exitCode.pipe(
    Effect.map((code) => ({ code: Number(code), signal: null })),
    Effect.catch((error: PlatformError.PlatformError) =>
      Effect.succeed({ code: null, signal: /SIG[A-Z0-9]+/.exec(String(error.cause ?? error.message))?.[0] ?? null }),
    ),
  )
