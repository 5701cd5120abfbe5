/** Sends new settings to a launch, and knows whether they were answered. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { OperatorSettings } from "../../protocol/Settings.ts"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { PluginClient } from "./PluginClient.ts"

export interface SettingsCalls {
  /**
   * A plugin that ends meanwhile gets the settings with its next launch. One that
   * is slow still gets these: only the wait is bounded, and the call goes on. Gives
   * whether it is known to have them.
   */
  readonly send: (settings: OperatorSettings) => Effect.Effect<boolean>
  /** Whether the plugin owes an answer. It is pinged for it, as for an operation: one that hangs would never take its settings. */
  readonly areOpen: () => boolean
}

/** The calls go on until the scope closes. */
export const makeSettingsCalls = (
  client: PluginClient,
  scope: Scope.Scope,
  limit: Duration.Duration,
): SettingsCalls => {
  let open = 0
  const call = (settings: OperatorSettings) =>
    Effect.suspend(() => {
      open += 1
      return Effect.ensuring(
        client.Configure(settings),
        Effect.sync(() => (open -= 1)),
      )
    })
  return {
    send: (settings) =>
      Effect.forkIn(Effect.exit(call(settings)), scope, { startImmediately: true }).pipe(
        Effect.flatMap((sent) => RunningTime.timeoutOption(Fiber.await(sent), limit)),
        // Where the launch ends first, that is no interruption of the one that waits.
        Effect.map(Option.exists((sent) => Exit.isSuccess(sent) && Exit.isSuccess(sent.value))),
      ),
    areOpen: () => open > 0,
  }
}
