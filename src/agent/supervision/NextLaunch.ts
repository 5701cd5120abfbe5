/** One launch of a plugin, from its start to its end, and the events that it publishes. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Semaphore from "effect/Semaphore"
import { Generation, type OperationId } from "../../protocol/Identity.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { CatalogEntry } from "../catalog/Catalog.ts"
import { describeEnd, type Launch, type LaunchEnd, type LaunchNotice } from "../launch/Launch.ts"
import type { LaunchSettings } from "../launch/LaunchSettings.ts"
import type { PluginLauncher } from "../launch/PluginLauncher.ts"
import { PluginStartFailed } from "../launch/PluginStartFailed.ts"
import type { LaunchResult } from "./AfterLaunch.ts"
import type { OperatorSettingsOf } from "./OperatorSettingsOf.ts"
import { PluginEvent } from "./PluginEvent.ts"

export interface NextLaunchOptions {
  readonly entry: CatalogEntry
  readonly launcher: PluginLauncher["Service"]
  readonly settings: LaunchSettings
  /** The settings of the plugin itself, by the schema that it declares. */
  readonly config: Properties | undefined
  readonly operatorSettings: OperatorSettingsOf
  /** Bounds how many plugins start at the same time. */
  readonly starts: Semaphore.Semaphore
  readonly publish: (event: PluginEvent) => Effect.Effect<void>
  /** Run when the launch begins to serve. */
  readonly onReady: (launch: Launch) => Effect.Effect<unknown>
  /** Run when the launch no longer serves. Its process may still have to be cleaned up. */
  readonly onEnd: (generation: Generation, reason: string) => Effect.Effect<unknown>
  /** Returns the operations that are set aside because of a crash. */
  readonly onCrash: (crash: LaunchCrash) => ReadonlyArray<OperationId>
}

/** What is known about a crash when it happens. */
export interface LaunchCrash {
  /** The operations in flight. */
  readonly operations: ReadonlyArray<OperationId>
  /** Those of them that were sent and had no answer yet. */
  readonly unanswered: ReadonlyArray<OperationId>
  readonly servedMillis: number
  readonly reason: string
}

/** How a launch ended, also in words. */
export type EndedLaunch = LaunchResult & { readonly reason: string }

interface LaunchName {
  readonly plugin: string
  readonly generation: Generation
}

/** Runs the launch with this number. Interrupting it stops the launch gracefully. */
export type NextLaunch = (generation: number) => Effect.Effect<EndedLaunch>

export const makeNextLaunch = (options: NextLaunchOptions): NextLaunch => {
  const { entry, onEnd, onReady, publish } = options

  const serve = Effect.fnUntraced(function* (name: LaunchName) {
    yield* publish(PluginEvent.cases.Launched.make(name))
    const launch = yield* start(options, name)
    const { pid, version } = launch.identity
    const readyAt = yield* Clock.currentTimeMillis
    yield* publish(PluginEvent.cases.Ready.make({ ...name, pid, version }))
    yield* onReady(launch)
    // Until now it was not known to who sets them, and they may have changed once more.
    yield* Effect.forkScoped(options.operatorSettings.deliver(launch))
    const end = yield* launch.ended
    const servedMillis = (yield* Clock.currentTimeMillis) - readyAt
    const reason = describeEnd(end)
    yield* onEnd(name.generation, reason)
    const { operations, unanswered } = end
    yield* publishEnd(options, name, end, { operations, unanswered, servedMillis, reason })
    return { _tag: "Ended", outcome: end.outcome, servedMillis, reason } as const
  })

  return (number) => {
    const name: LaunchName = { plugin: entry.manifest.name, generation: Generation.make(number) }
    return Effect.scoped(serve(name)).pipe(
      // A launcher that throws is a launch that failed. Its callers must not wait forever.
      Effect.catchDefect((defect) => Effect.fail(launchDefect(entry, name, defect))),
      Effect.tapError((error) =>
        publish(PluginEvent.cases.StartFailed.make({ ...name, reason: error.reason, cause: error.cause })),
      ),
      Effect.catch((error) =>
        Effect.succeed({ _tag: "StartFailed", error, reason: `could not be started: ${error.reason}` } as const),
      ),
      Effect.onInterrupt(() => publish(PluginEvent.cases.Stopped.make(name))),
    )
  }
}

/** Starts the process. When it is ready it has the operator settings that hold by then. */
const start = Effect.fnUntraced(function* (
  { config, entry, launcher, operatorSettings, publish, settings, starts }: NextLaunchOptions,
  name: LaunchName,
) {
  const settingsAtStart = operatorSettings.current()
  const launch = yield* starts.withPermit(
    launcher.launch({
      entry,
      generation: name.generation,
      settings,
      operatorSettings: settingsAtStart,
      config,
      report: (notice) => publish(eventOf(name, notice)),
    }),
  )
  operatorSettings.gotAtStart(launch, settingsAtStart)
  // They may have changed while it started.
  yield* operatorSettings.deliver(launch)
  return launch
})

const publishEnd = Effect.fnUntraced(function* (
  { onCrash, publish }: NextLaunchOptions,
  name: LaunchName,
  { outcome }: LaunchEnd,
  crash: LaunchCrash,
) {
  if (outcome._tag === "Recycled") {
    return yield* publish(PluginEvent.cases.Recycled.make({ ...name, residentMiB: outcome.residentMiB }))
  }
  const { operations, reason } = crash
  yield* publish(PluginEvent.cases.Crashed.make({ ...name, reason, operations }))
  for (const operationId of onCrash(crash)) {
    yield* publish(PluginEvent.cases.Poisoned.make({ plugin: name.plugin, operationId }))
  }
})

const eventOf = (name: LaunchName, notice: LaunchNotice): PluginEvent => {
  switch (notice._tag) {
    case "Suspect":
      return PluginEvent.cases.Suspect.make({ ...name, silentMillis: notice.silentMillis })
    case "Stalled":
      return PluginEvent.cases.Stalled.make({ ...name, ...notice })
    case "Junk":
      return PluginEvent.cases.Junk.make({ ...name, line: notice.line })
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
