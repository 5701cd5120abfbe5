/** Pings a plugin that has calls outstanding, and notices when it is silent for too long. */
import * as Effect from "effect/Effect"
import type { ClientConnection } from "../../transport/ClientProtocol.ts"
import { makeTick } from "../../transport/RunningTime.ts"
import { type Health, type HealthSettings, healthy, nextHealth } from "./Health.ts"

export interface HealthMonitorOptions {
  readonly connection: Pick<ClientConnection, "ping" | "framesHeard">
  readonly settings: HealthSettings
  readonly hasCalls: () => boolean
  /** Whether a debugger is attached to the plugin. */
  readonly isDebugged: () => boolean
  /** Run once for each silence that becomes suspect. */
  readonly onSuspect: (silentMillis: number) => Effect.Effect<void>
  /** Run at each tick at which no call is outstanding. */
  readonly onIdle: Effect.Effect<void>
}

/** Completes with the length of the silence, once it is too long. */
export const watchHealth = Effect.fnUntraced(function* (options: HealthMonitorOptions): Effect.fn.Return<number> {
  const { connection, settings } = options
  let health: Health = healthy
  let heardBefore = connection.framesHeard()
  let asked = false
  const tick = makeTick()
  while (true) {
    const { isExcused } = yield* tick(settings.tickMillis)
    const heard = connection.framesHeard()
    // Silence counts only after a ping: a call that has just come need not have been answered yet.
    const outstanding = asked && options.hasCalls()
    const next = nextHealth(
      health,
      { outstanding, heard: heard !== heardBefore, debugged: options.isDebugged(), isExcused },
      settings,
    )
    if (next.verdict === "stalled") return next.silentMillis
    if (next.verdict === "suspect" && health.verdict !== "suspect") yield* options.onSuspect(next.silentMillis)
    health = next
    heardBefore = heard
    asked = options.hasCalls()
    yield* asked ? connection.ping : options.onIdle
  }
})
