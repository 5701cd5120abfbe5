/** The configuration of an agent that stays, and its changes while it runs. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import { formatIssue } from "../../protocol/Issue.ts"
import type { AgentConfiguration } from "./AgentConfiguration.ts"
import { HostEnvironment } from "../launch/PluginLauncher.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import {
  type ConfigurationChange,
  configurationChanges,
  objectionsToChanges,
  shownChange,
} from "./configurationChanges.ts"
import { missingVariables } from "./missingVariables.ts"
import { configurationOf, type Setting, settingsIn } from "./Setting.ts"
import { supervisionOptionsOf } from "./supervisionOptionsOf.ts"
import { makeUseOptions } from "./useOptions.ts"

/** A configuration cannot be used, and what held before still holds. */
export class ConfigurationRefused extends Schema.TaggedError<ConfigurationRefused>(
  "formae/agent/configuration/ConfigurationRefused",
)("ConfigurationRefused", {
  /** Why, as lines. None has a value that may be secret. */
  lines: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return this.lines.join("\n")
  }
}

/** One setting that was changed. */
export interface ChangedSetting extends ReturnType<typeof shownChange> {
  /** By what, such as a signal, or the name of a file. */
  readonly by: string
}

export interface ConfigurationSource {
  /** What is given when the agent starts. */
  readonly given: ReadonlyArray<Setting>
  /** Reads it again. */
  readonly read: Effect.Effect<ReadonlyArray<Setting>, ConfigurationRefused>
  /** Is told each change, once it has been made. */
  readonly report: (change: ChangedSetting) => Effect.Effect<void>
  /** Is told what holds, when that has changed. */
  readonly use?: ((configuration: AgentConfiguration) => void) | undefined
}

export class Configuration extends Context.Service<
  Configuration,
  {
    /** All that is given now. Of several for the same value the last counts. */
    readonly current: Effect.Effect<ReadonlyArray<Setting>>
    /**
     * Reads the configuration again and uses it. Gives what has changed. It
     * completes when running operators have been told; plugins that need a new
     * launch get it later, when no call is under way. One whose new launch did
     * not start is tried again, also where nothing has changed. Fails with
     * `ConfigurationRefused`, and then nothing has changed.
     */
    readonly reload: (by: string) => Effect.Effect<ReadonlyArray<ChangedSetting>, ConfigurationRefused>
    /**
     * Lays values over what is given, in the place of those that were laid over it
     * before, and until the agent ends. `by` is who does it. It is checked as a
     * file is, and otherwise as `reload`.
     */
    readonly set: (
      values: Readonly<Record<string, unknown>>,
      by: string,
    ) => Effect.Effect<ReadonlyArray<ChangedSetting>, ConfigurationRefused>
  }
>()("formae/agent/configuration/Configuration") {
  static readonly layerNoDeps = ({
    given,
    read,
    report,
    use: tell,
  }: ConfigurationSource): Layer.Layer<Configuration, never, PluginCoordinator> =>
    Layer.effect(
      Configuration,
      Effect.gen(function* () {
        const coordinator = yield* PluginCoordinator
        const environment = yield* HostEnvironment
        const oneAtATime = yield* Semaphore.make(1)
        let base = given
        let laid: ReadonlyArray<Setting> = []
        const optionsOf = makeOptionsOf(environment)
        const use = yield* makeUseOptions

        const change = Effect.fnUntraced(function* (
          nextBase: ReadonlyArray<Setting>,
          nextLaid: ReadonlyArray<Setting>,
          by: string,
        ) {
          const [current, next] = [
            [...base, ...laid],
            [...nextBase, ...nextLaid],
          ]
          const changes: ReadonlyArray<ConfigurationChange> = configurationChanges(current, next)
          const objections = objectionsToChanges(changes)
          if (objections.length > 0) return yield* new ConfigurationRefused({ lines: objections })
          const [{ options: before }, { configuration, options: after }] = [
            yield* optionsOf(current),
            yield* optionsOf(next),
          ]
          const plugins = yield* coordinator.status
          yield* Effect.forEach(plugins, ({ entry }) => use(entry.manifest.name, before, after), { discard: true })
          base = nextBase
          laid = nextLaid
          tell?.(configuration)
          const changed = changes.map((one) => ({ ...shownChange(one), by }))
          yield* Effect.forEach(changed, report, { discard: true })
          return changed
        })

        return Configuration.of({
          current: Effect.sync(() => [...base, ...laid]),
          reload: (by) =>
            oneAtATime.withPermit(Effect.uninterruptible(Effect.flatMap(read, (next) => change(next, laid, by)))),
          set: (values, by) =>
            oneAtATime.withPermit(
              Effect.uninterruptible(
                Effect.suspend(() =>
                  change(
                    base,
                    settingsIn(values, () => ({ _tag: "Api", name: by })),
                    by,
                  ),
                ),
              ),
            ),
        })
      }),
    )
}

/** What the settings mean to the coordinator. Fails where they are wrong together, or name variables that are not there. */
const makeOptionsOf = (environment: Readonly<Record<string, string | undefined>>) =>
  Effect.fnUntraced(function* (settings: ReadonlyArray<Setting>) {
    const configuration = yield* Effect.mapError(
      configurationOf(settings),
      (issues) => new ConfigurationRefused({ lines: issues.map(formatIssue) }),
    )
    const missing = missingVariables(configuration, settings, environment)
    if (missing.length > 0) {
      return yield* new ConfigurationRefused({
        lines: missing.map(({ message, path, place }) => `${place} ${formatIssue({ path, message })}`),
      })
    }
    return { configuration, options: supervisionOptionsOf(configuration, { given: settings, environment }) }
  })
