/** A launch that serves; the next one, if a check has brought it down. */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Launch } from "../../../agent/launch/Launch.ts"
import type { TypeCapabilities } from "../../../protocol/Resource.ts"
import type { Finding } from "../report/Finding.ts"
import type { PluginUnderTest } from "./PluginUnderTest.ts"

export type CurrentLaunch = Effect.Effect<Launch, Finding>

export const makeCurrentLaunch = (plugin: PluginUnderTest): Effect.Effect<CurrentLaunch, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    const one = Semaphore.makeUnsafe(1)
    let current: Launch | undefined

    const start = plugin.launch.pipe(
      Scope.provide(scope),
      Effect.tap((launch) => {
        current = launch
        return launch.ended.pipe(
          Effect.andThen(
            Effect.sync(() => {
              if (current === launch) current = undefined
            }),
          ),
          Effect.forkIn(scope),
        )
      }),
    )
    return one.withPermit(Effect.suspend(() => (current === undefined ? start : Effect.succeed(current))))
  })

/** What its types can do, by type. Empty if it does not start, for which there is a check of its own. */
export const capabilitiesOf = (current: CurrentLaunch): Effect.Effect<ReadonlyMap<string, TypeCapabilities>> =>
  current.pipe(
    Effect.flatMap(({ types }) => types("all")),
    Effect.map((types) => new Map<string, TypeCapabilities>(types)),
    Effect.orElseSucceed(() => new Map<string, TypeCapabilities>()),
  )
