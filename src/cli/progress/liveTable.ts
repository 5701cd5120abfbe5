/** Draws the work of a command at the end of a terminal, again and again. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { ChangeObserver } from "../../agent/index.ts"
import { namespaceKey, namespaceOf, type OperatorSettings, ResourceType } from "../../protocol/index.ts"
import type { PluginRestart } from "../AgentPlugins.ts"
import type { LiveLines } from "../Outputs.ts"
import { liveLines } from "./liveLines.ts"
import { makeLiveWork } from "./LiveWork.ts"

/** Runs something while no lines are drawn again and again. */
export type WithoutLiveLines = <A>(effect: Effect.Effect<A>) => Effect.Effect<A>

/** What the table shows of the agent. */
export interface LiveTableOptions {
  /** How a plugin is asked to make a failed call again. */
  readonly retry: OperatorSettings["retry"]
  /** The plugins that wait for their restart now. */
  readonly restarts: Effect.Effect<ReadonlyArray<PluginRestart>>
}

export interface LiveTable {
  readonly observe: ChangeObserver
  readonly without: WithoutLiveLines
  /** Writes something that stays above the table. */
  readonly say: (write: Effect.Effect<void>) => Effect.Effect<void>
}

/** Quick enough for the eye, and seldom enough for a thousand events a second. */
const tick = "100 millis"

/** When each crashed plugin starts again, by namespace. */
const byNamespace = (restarts: ReadonlyArray<PluginRestart>): ReadonlyMap<string, number> =>
  new Map(restarts.map(({ at, namespace }) => [namespaceKey(namespace), at]))

/**
 * A table that is drawn while its scope is open: within a tick after an event,
 * and each second, because times go on. It is cleared at the end.
 */
export const makeLiveTable = (
  live: LiveLines,
  { restarts: readRestarts, retry }: LiveTableOptions,
): Effect.Effect<LiveTable, never, Scope.Scope> =>
  Effect.gen(function* () {
    const work = makeLiveWork()
    let isHidden = false
    let hasChanged = false
    let drawnSecond = 0

    const draw = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const second = Math.floor(now / 1_000)
      if (isHidden || work.since() === undefined || (!hasChanged && second === drawnSecond)) return
      const restarts = byNamespace(yield* readRestarts)
      hasChanged = false
      drawnSecond = second
      const lines = liveLines(work, {
        now,
        retry,
        width: live.width(),
        height: live.height(),
        restartAt: (type) => restarts.get(namespaceKey(namespaceOf(ResourceType.make(type)))),
      })
      live.draw(...lines)
    })

    const hide = Effect.sync(() => {
      isHidden = true
      live.clear()
    })
    const show = Effect.sync(() => {
      isHidden = false
      hasChanged = true
    })

    yield* Effect.addFinalizer(() => hide)
    yield* Effect.forkScoped(Effect.repeat(draw, Schedule.spaced(tick)))
    return {
      observe: (event) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          work.note(event, now)
          hasChanged = true
        }),
      without: (effect) => Effect.ensuring(Effect.andThen(hide, effect), show),
      say: (write) => Effect.ensuring(Effect.andThen(Effect.sync(live.clear), write), show),
    }
  })
