/** The options of one plugin, those that its launch was made with, and who waits until both are the same. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { needsNewLaunch, type PluginOptions } from "./PluginOptions.ts"
import type { PluginStartFailed } from "../launch/PluginStartFailed.ts"

/**
 * What came of new options for a plugin.
 *
 * - `Replaced`: a new launch, which has them, serves in the place of the one
 *   before.
 * - `NoNewLaunch`: they need none, and hold from now on.
 * - `NextLaunch`: no launch serves, or it has ended. The next one has them.
 * - `Kept`: the new launch did not start. The one before serves on, and the
 *   options are those that it was made with.
 * - `NoSuchPlugin`: no plugin of the catalog has this name.
 */
export type RecycleResult =
  | {
      readonly _tag: "Replaced"
      /** The number of the new launch. */
      readonly generation: number
    }
  | { readonly _tag: "NoNewLaunch" }
  | { readonly _tag: "NextLaunch" }
  | {
      readonly _tag: "Kept"
      /** Why it did not start. */
      readonly error: PluginStartFailed
    }
  | { readonly _tag: "NoSuchPlugin" }

export interface PluginOptionsOf {
  /** The options that hold: for the next launch, and at once for what the supervisor does itself. */
  readonly current: () => PluginOptions
  /** Sets them. Completes when it is known what came of that. */
  readonly set: (options: PluginOptions) => Effect.Effect<RecycleResult>
  /** Says with which options the launch was made that serves or starts now, or that there is none. */
  readonly launchedWith: (options: PluginOptions | undefined) => void
  /** Says with which options a launch starts that is to replace the one that serves. Until it is settled nobody knows whether they hold. */
  readonly replacedWith: (options: PluginOptions) => void
  /** Says what came of the options to all who have set some since the last answer. */
  readonly settle: (result: RecycleResult) => void
  /** Makes the options those of the launch that serves on, unless they have changed since it was to be replaced. */
  readonly restore: (from: PluginOptions, to: PluginOptions) => void
  /** Completes once the options need another launch than one that was made with these. */
  readonly outdated: (options: PluginOptions) => Effect.Effect<void>
}

export const makePluginOptionsOf = (initial: PluginOptions): PluginOptionsOf => {
  let current = initial
  let launched: PluginOptions | undefined
  let isReplacing = false
  let changed = Deferred.makeUnsafe<void>()
  let result = Deferred.makeUnsafe<RecycleResult>()

  const outdated = (options: PluginOptions): Effect.Effect<void> =>
    Effect.suspend(() =>
      needsNewLaunch(options, current) ? Effect.void : Effect.flatMap(Deferred.await(changed), () => outdated(options)),
    )

  return {
    current: () => current,
    set: (options) =>
      Effect.suspend(() => {
        current = options
        // Before the others are told: they go on at once, and may have begun to start a launch when that returns.
        const answer: Effect.Effect<RecycleResult> =
          launched === undefined
            ? Effect.succeed({ _tag: "NextLaunch" })
            : isReplacing || needsNewLaunch(launched, options)
              ? Deferred.await(result)
              : Effect.succeed({ _tag: "NoNewLaunch" })
        const told = changed
        changed = Deferred.makeUnsafe()
        Deferred.doneUnsafe(told, Effect.void)
        return answer
      }),
    launchedWith: (options) => {
      launched = options
      isReplacing = false
    },
    replacedWith: (options) => {
      launched = options
      isReplacing = true
    },
    settle: (answer) => {
      const told = result
      result = Deferred.makeUnsafe()
      Deferred.doneUnsafe(told, Effect.succeed(answer))
    },
    restore: (from, to) => {
      if (current === from) current = to
    },
    outdated,
  }
}
