/** How a caller gets the launch that serves: at once, after a start, or after a wait. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { Launch } from "../launch/Launch.ts"
import type { CurrentState } from "./CurrentState.ts"
import { AgentStopping, PluginDisabled, PluginQuarantined, type PluginUnavailable } from "./PluginUnavailable.ts"
import type { SupervisorState } from "./SupervisorState.ts"
import type { WaitingCallers } from "./WaitingCallers.ts"

const isDown = ({ _tag }: SupervisorState): boolean => _tag === "NotStarted" || _tag === "Failed" || _tag === "Idle"

/** Begins a series of launches if none is running. */
export const startIfDown = (
  state: CurrentState,
  starting: () => SupervisorState,
  begin: Effect.Effect<unknown>,
): Effect.Effect<void> =>
  // In one step, so that only the first of two callers starts it.
  state
    .change((current) => (isDown(current) ? starting() : current))
    .pipe(
      Effect.flatMap((before) => (isDown(before) ? begin : Effect.void)),
      Effect.asVoid,
      Effect.uninterruptible,
    )

export const disabledBy = ({ manifest }: CatalogEntry, by: string): PluginDisabled =>
  new PluginDisabled({ plugin: manifest.name, namespace: manifest.namespace, by })

/** The launch that serves now, or the next one. */
export const readyLaunch = (of: {
  readonly entry: () => CatalogEntry
  readonly state: CurrentState
  readonly callers: WaitingCallers
  readonly start: Effect.Effect<void>
}): Effect.Effect<Launch, PluginUnavailable> =>
  Effect.suspend(() => {
    const current = of.state.get()
    switch (current._tag) {
      case "Ready":
        return Effect.succeed(current.launch)
      case "NotStarted":
      case "Failed":
      case "Idle":
      case "Starting":
      case "Recycling":
      case "Ended":
      case "Restarting":
        return of.callers.wait(of.start, of.state.get)
      case "Quarantined":
        return Effect.fail(new PluginQuarantined(current.quarantine))
      case "Disabled":
        return Effect.fail(disabledBy(of.entry(), current.by))
      case "Stopping":
        return Effect.fail(new AgentStopping({ plugin: of.entry().manifest.name }))
    }
  })

/**
 * Completes when `launch` is no longer the one that serves, or takes calls: a
 * call that it did not take can be made again then. With `lost`, taking calls is
 * not enough.
 */
export const untilNext = (state: CurrentState, launch: Launch, lost: boolean): Effect.Effect<void> =>
  state.changes.pipe(
    Stream.filter(
      (current) => current._tag !== "Ready" || current.launch !== launch || (!lost && !launch.admission.isClosed()),
    ),
    Stream.runHead,
    Effect.asVoid,
  )
