/** Writes what a launch prints to the agent's log: at its level, with its origin, and at a limited rate. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Generation } from "../../protocol/Identity.ts"
import { type LogLine, parseStderrLine, stdoutLine } from "./LogLines.ts"
import { admit, initialLogRate, type LogRateSettings, roomAt, takeDropped } from "./LogRate.ts"
import type { RecentOutput } from "./RecentOutput.ts"

export interface PluginLog {
  readonly stderr: (line: string) => Effect.Effect<void>
  /** Takes a line of stdout that is not a frame, and returns whether it was logged: one past the limit is dropped. */
  readonly stdoutJunk: (line: string) => Effect.Effect<boolean>
}

export interface PluginLogOptions extends LogRateSettings {
  readonly plugin: string
  readonly generation: Generation
  readonly pid: number
  /** Gets every line, even those that the log drops: they may be a plugin's last words. */
  readonly recent: RecentOutput
}

export const makePluginLog = Effect.fnUntraced(function* (
  options: PluginLogOptions,
): Effect.fn.Return<PluginLog, never, Scope.Scope> {
  const { generation, pid, plugin, recent } = options
  const scope = yield* Effect.scope
  let rate = initialLogRate(yield* Clock.currentTimeMillis, options)

  const write = ({ annotations, level, message, operationId }: LogLine): Effect.Effect<void> =>
    Effect.logWithLevel(level)(message).pipe(
      Effect.annotateLogs({
        ...annotations,
        ...(operationId === undefined ? {} : { operationId }),
        // Last, so that a plugin cannot change where its records come from.
        plugin,
        generation,
        pid,
      }),
    )

  const logDropped = (dropped: number): Effect.Effect<void> =>
    dropped === 0
      ? Effect.void
      : Effect.logWarning(
          `Dropped ${dropped} lines of the plugin's log, which may have ${options.linesPerSecond} a second`,
        ).pipe(
          // The agent says this, and not the process: so without a pid.
          Effect.annotateLogs({ plugin, generation }),
        )

  /** Logs the number of dropped lines when there is room again, unless a later line has done so by then. */
  const logDroppedLater: Effect.Effect<void> = Effect.suspend(() =>
    Effect.sleep(Duration.millis(roomAt(rate, options) - rate.at)),
  ).pipe(
    Effect.andThen(Clock.currentTimeMillis),
    Effect.flatMap((now) => {
      const { dropped, state } = takeDropped(rate, now, options)
      rate = state
      return logDropped(dropped)
    }),
    Effect.forkIn(scope, { startImmediately: true }),
    Effect.asVoid,
  )

  const take = (line: string, parse: (line: string) => LogLine): Effect.Effect<boolean> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { admitted, droppedBefore, state } = admit(rate, now, options)
      rate = state
      if (!admitted) {
        // Not parsed: a flood must not cost the agent the work of decoding its records.
        recent.add(line)
        return Effect.as(state.dropped === 1 ? logDroppedLater : Effect.void, false)
      }
      const parsed = parse(line)
      recent.add(parsed.message)
      return Effect.as(Effect.andThen(logDropped(droppedBefore), write(parsed)), true)
    })

  yield* Effect.addFinalizer(() => Effect.suspend(() => logDropped(rate.dropped)))

  return {
    stderr: (line) => Effect.asVoid(take(line, parseStderrLine)),
    stdoutJunk: (line) => take(line, stdoutLine),
  }
})
