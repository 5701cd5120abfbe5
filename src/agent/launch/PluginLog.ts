/** What one launch prints, in the agent's own log: at its level, with its origin, and no more of it than is allowed. */
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
  /** A line of stdout that is no frame. Whether it was passed on, or dropped as one too many. */
  readonly stdoutJunk: (line: string) => Effect.Effect<boolean>
}

export interface PluginLogOptions extends LogRateSettings {
  readonly plugin: string
  readonly generation: Generation
  readonly pid: number
  /** Gets every line, also those that the log drops: they may be a plugin's last words. */
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
        // Last: where a record comes from is not for the plugin to say.
        plugin,
        generation,
        pid,
      }),
    )

  const tellDropped = (dropped: number): Effect.Effect<void> =>
    dropped === 0
      ? Effect.void
      : write({
          level: "Warn",
          message: `Lines dropped from its log: ${dropped}, past ${options.linesPerSecond} a second`,
          annotations: {},
        })

  /** Tells it as soon as there is room again, unless a line that comes then has done so. */
  const tellLater: Effect.Effect<void> = Effect.suspend(() =>
    Effect.sleep(Duration.millis(roomAt(rate, options) - rate.at)),
  ).pipe(
    Effect.andThen(Clock.currentTimeMillis),
    Effect.flatMap((now) => {
      const { dropped, state } = takeDropped(rate, now, options)
      rate = state
      return tellDropped(dropped)
    }),
    Effect.forkIn(scope, { startImmediately: true }),
    Effect.asVoid,
  )

  const take = (line: string, parse: (line: string) => LogLine): Effect.Effect<boolean> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { admitted, droppedBefore, state } = admit(rate, now, options)
      rate = state
      if (!admitted) {
        // As it came: a flood must not cost the agent what reading its records does.
        recent.add(line)
        return Effect.as(state.dropped === 1 ? tellLater : Effect.void, false)
      }
      const parsed = parse(line)
      recent.add(parsed.message)
      return Effect.as(Effect.andThen(tellDropped(droppedBefore), write(parsed)), true)
    })

  yield* Effect.addFinalizer(() => Effect.suspend(() => tellDropped(rate.dropped)))

  return {
    stderr: (line) => Effect.asVoid(take(line, parseStderrLine)),
    stdoutJunk: (line) => take(line, stdoutLine),
  }
})
