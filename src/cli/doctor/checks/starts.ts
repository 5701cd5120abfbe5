/** Whether the plugins start and answer their handshakes. Looked at only if that is asked for. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { wantedVersions } from "../../../agent/configuration/wantedVersions.ts"
import { findCandidates } from "../../../agent/catalog/Catalog.ts"
import { chooseManifests } from "../../../agent/catalog/CatalogChoice.ts"
import { type CatalogEntry, HostEnvironment, NodeNames, PluginLauncher } from "../../../agent/index.ts"
import { agentVersion } from "../../../agent/version.ts"
import { Generation } from "../../../protocol/Identity.ts"
import { adviceOnStart } from "../../added/keptVersion.ts"
import { shellWord } from "../../advice/shellWord.ts"
import type { AgentConfig } from "../../config/AgentConfig.ts"
import { type Check, seconds } from "../Check.ts"
import { ok, problem, skipped } from "../Finding.ts"
import { notStarted, optionsOf, settingsOf } from "../launching.ts"
import { pluginPlaces } from "../pluginPlaces.ts"

/** Each runs a Node. */
const concurrency = 4

/** The last lines that it printed. */
const mostLines = 5

const start = Effect.fnUntraced(function* (entry: CatalogEntry, config: AgentConfig) {
  const { launch } = yield* PluginLauncher
  const { name } = entry.manifest
  const { disabled, environment, settings } = optionsOf(config, yield* HostEnvironment)
  const by = disabled?.(name)
  if (by !== undefined) return skipped(`${name} is not started: ${by} disables it`)
  const { operator, supervision } = settingsOf(config, name)
  const started = yield* Effect.result(
    Effect.timed(
      Effect.scoped(
        launch({
          entry,
          generation: Generation.make(1),
          settings: supervision,
          operatorSettings: operator,
          config: settings?.(name),
          environment: environment?.(name),
          report: () => Effect.void,
        }),
      ),
    ),
  )
  if (started._tag === "Success") {
    const [duration] = started.success
    return ok(`${name} starts, answers its handshake and ends, in ${Math.round(Duration.toMillis(duration))} ms`)
  }
  const { output, reason } = started.failure
  const printed = output.slice(-mostLines).map((line) => `\n${line}`)
  const directory = entry.directory ?? entry.entryPath
  return problem(
    `${name} does not start: ${reason}${printed.join("")}`,
    (yield* adviceOnStart(directory)) ?? `"formae plugin test ${shellWord(directory)}" examines it`,
  )
})

export const starts: Check = {
  name: "starts",
  boundMillis: seconds(90),
  look: Effect.fnUntraced(function* (subject) {
    if (!subject.flags.start) return []
    const refusal = notStarted(subject)
    if (refusal !== undefined) return [refusal]
    const { folders } = yield* pluginPlaces(subject)
    const { candidates } = yield* findCandidates(folders)
    const { chosen } = chooseManifests(candidates, agentVersion, wantedVersions(subject.config.given))
    return yield* Effect.forEach([...chosen.values()], (entry) => start(entry, subject.config), { concurrency }).pipe(
      Effect.provide(Layer.provide(PluginLauncher.layer, NodeNames.layer)),
    )
  }),
}
