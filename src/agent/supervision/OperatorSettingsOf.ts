/**
 * The operator settings of one plugin, and which of them each launch has been
 * given. A launch is given the newest, one after another, and none is lost.
 */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import type { Launch } from "../launch/Launch.ts"

export interface OperatorSettingsOf {
  /** The settings that hold now. */
  readonly current: () => OperatorSettings
  readonly set: (settings: OperatorSettings) => void
  /** Says which settings a launch got with its handshake. */
  readonly gotAtStart: (launch: Launch, settings: OperatorSettings) => void
  /** Gives the launch the settings that hold now, if it has others. They may change again meanwhile. */
  readonly deliver: (launch: Launch) => Effect.Effect<void>
}

export const makeOperatorSettingsOf = (initial: OperatorSettings): OperatorSettingsOf => {
  let current = initial
  const given = new WeakMap<Launch, OperatorSettings>()
  /** Two that are sent at the same time could arrive in the other order. */
  const turn = Semaphore.makeUnsafe(1)
  return {
    current: () => current,
    set: (settings) => {
      current = settings
    },
    gotAtStart: (launch, settings) => void given.set(launch, settings),
    deliver: (launch) =>
      turn.withPermit(
        Effect.gen(function* () {
          while (given.get(launch) !== current) {
            const next = current
            yield* launch.configure(next)
            given.set(launch, next)
          }
        }),
      ),
  }
}
