/** One launch of a plugin that has completed its handshake: how it is started and stopped. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Scope from "effect/Scope"
import type * as Semaphore from "effect/Semaphore"
import { Generation } from "../../protocol/Identity.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import type { Launch, LaunchNotice } from "../launch/Launch.ts"
import type { PluginLauncher } from "../launch/PluginLauncher.ts"
import { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import type { OperatorSettingsOf } from "./OperatorSettingsOf.ts"
import { PluginEvent } from "./PluginEvent.ts"
import type { PluginOptions } from "./PluginOptions.ts"

export interface LaunchName {
  readonly plugin: string
  readonly generation: Generation
}

export interface ServedLaunch {
  readonly name: LaunchName
  readonly launch: Launch
  /** What it was made with. */
  readonly options: PluginOptions
  /** In milliseconds since 1970. */
  readonly readyAt: number
  /** Open as long as it is there. */
  readonly scope: Scope.Scope
  /** Ends it gracefully, and completes when it is gone. */
  readonly stop: Effect.Effect<void>
}

export interface StartOptions {
  readonly launcher: PluginLauncher["Service"]
  readonly operatorSettings: OperatorSettingsOf
  /** Bounds how many plugins start at the same time. */
  readonly starts: Semaphore.Semaphore
  readonly publish: (event: PluginEvent) => Effect.Effect<void>
}

export const launchName = (plugin: string, generation: number): LaunchName => ({
  plugin,
  generation: Generation.make(generation),
})

/** Starts a launch, and completes when its handshake is done. It is stopped when the scope closes, if not before. */
export const startLaunch = Effect.fnUntraced(function* (
  options: StartOptions,
  made: PluginOptions,
  generation: number,
): Effect.fn.Return<ServedLaunch, PluginStartFailed, Scope.Scope> {
  const { publish } = options
  const { entry } = made
  const name = launchName(entry.manifest.name, generation)
  const scope = yield* Scope.fork(yield* Effect.scope)
  yield* publish(PluginEvent.cases.Launched.make(name))
  const launch = yield* start(options, made, name).pipe(
    Scope.provide(scope),
    // A launcher that throws is a launch that failed. Its callers must not wait forever.
    Effect.catchDefect((defect) => Effect.fail(launchDefect(entry, name, defect))),
    Effect.onError(() => Scope.close(scope, Exit.void)),
    Effect.tapError(({ cause, reason }) => publish(PluginEvent.cases.StartFailed.make({ ...name, reason, cause }))),
  )
  const { pid, version } = launch.identity
  const readyAt = yield* Clock.currentTimeMillis
  yield* publish(PluginEvent.cases.Ready.make({ ...name, pid, version }))
  return { name, launch, options: made, readyAt, scope, stop: Scope.close(scope, Exit.void) }
})

/** When it is ready it has the operator settings that hold by then. */
const start = Effect.fnUntraced(function* (
  { launcher, operatorSettings, publish, starts }: StartOptions,
  { entry, environment, settings, supervision }: PluginOptions,
  name: LaunchName,
) {
  const settingsAtStart = operatorSettings.current()
  const launch = yield* starts.withPermit(
    launcher.launch({
      entry,
      generation: name.generation,
      settings: supervision,
      operatorSettings: settingsAtStart,
      config: settings,
      environment,
      report: (notice) => publish(eventOf(name, notice)),
    }),
  )
  operatorSettings.gotAtStart(launch, settingsAtStart)
  // They may have changed while it started.
  yield* operatorSettings.deliver(launch)
  return launch
})

const eventOf = (name: LaunchName, notice: LaunchNotice): PluginEvent => {
  switch (notice._tag) {
    case "Suspect":
      return PluginEvent.cases.Suspect.make({ ...name, silentMillis: notice.silentMillis })
    case "Stalled":
      return PluginEvent.cases.Stalled.make({ ...name, ...notice })
    case "Junk":
      return PluginEvent.cases.Junk.make({ ...name, characters: notice.characters, line: notice.line })
  }
}

const launchDefect = (
  { entryPath, manifest }: CatalogEntry,
  { generation }: LaunchName,
  defect: unknown,
): PluginStartFailed =>
  new PluginStartFailed({
    plugin: manifest.name,
    generation,
    entry: entryPath,
    cause: { _tag: "Defect", message: Predicate.isError(defect) ? defect.message : String(defect) },
    output: [],
  })
