/** The fake process in which code runs, and what that code can do to it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Signal } from "effect/process/ChildProcess"
import type { FakeProcess } from "./FakeProcess.ts"

/** The fake process in which an effect runs; undefined outside of one. */
export const CurrentProcess = Context.Reference<FakeProcess | undefined>("formae/testing/CurrentProcess", {
  defaultValue: () => undefined,
})

const currentProcess = Effect.fnUntraced(function* (name: string) {
  const process = yield* CurrentProcess
  return process ?? (yield* Effect.die(`${name} can only be used in a plugin that runs in a fake process`))
})

/**
 * Ends the fake process in which it runs, at once: with an exit code if `how` is
 * a number, otherwise by that signal. What the process was doing is cut off.
 * Dies outside of a fake process.
 *
 *     withFaults(plugin, beforeCall(nthCall("Create", 1), crash("SIGSEGV")))
 */
export const crash = (how: number | Signal = "SIGKILL"): Effect.Effect<never> =>
  Effect.flatMap(currentProcess("crash"), ({ exit, signal }) =>
    Effect.andThen(typeof how === "number" ? exit(how) : signal(how), Effect.never),
  )

/**
 * Blocks the event loop of the fake process in which it runs, for good: it
 * answers no call and no ping any more, and only SIGKILL ends it. Dies outside
 * of a fake process. For a single call that is never answered, while the plugin
 * serves the others, use `Effect.never`.
 *
 *     withFaults(plugin, beforeCall(nthCall("Read", 2), stall))
 */
export const stall: Effect.Effect<never> = Effect.flatMap(currentProcess("stall"), (process) =>
  Effect.andThen(process.stall, Effect.never),
)
