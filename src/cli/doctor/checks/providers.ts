/** Whether the providers can be reached: of each target in the state, one resource is read. Nothing is recorded. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  Catalog,
  HostEnvironment,
  Inventory,
  NodeNames,
  PluginCoordinator,
  PluginLauncher,
  Quarantines,
} from "../../../agent/index.ts"
import { wantedVersions } from "../../../agent/configuration/wantedVersions.ts"
import { ResourceReader } from "../../../agent/operations/ResourceReader.ts"
import type { InventoryRow } from "../../../agent/records/InventoryRow.ts"
import { TargetConfigs } from "../../../agent/secrets/TargetConfigs.ts"
import { namespaceOf } from "../../../protocol/Identity.ts"
import { openStateToRead } from "../../openState.ts"
import { type Check, seconds, type Subject } from "../Check.ts"
import { type Finding, ok, problem, skipped } from "../Finding.ts"
import { notStarted, optionsOf } from "../launching.ts"
import { pluginPlaces } from "../pluginPlaces.ts"

/** How many are asked at the same time, and how many in all. */
const concurrency = 8
const mostTargets = 32

/** How long one may take, with the start of its plugin. */
const answerMillis = seconds(15)

/** A row for each target, whatever documents it is in: the same config of the same namespace. */
export const rowsOfTargets = (rows: ReadonlyArray<InventoryRow>): ReadonlyArray<InventoryRow> => {
  const byTarget = Map.groupBy(rows, ({ targetConfig, type }) => JSON.stringify([namespaceOf(type), targetConfig]))
  return [...byTarget.values()].flatMap(([first]) => first ?? [])
}

const remedy = "Look at the network, the credentials and what the target says; then run this again"

const ask = Effect.fnUntraced(function* (row: InventoryRow) {
  const reader = yield* ResourceReader
  const target = `The target ${row.target} of ${row.forma} (${namespaceOf(row.type)})`
  return yield* Effect.match(reader.read(row, row.targetConfig), {
    onFailure: ({ message }): Finding => problem(`${target} cannot be asked: ${message}`, remedy),
    onSuccess: () => ok(`${target} answers`),
  }).pipe(
    Effect.timeoutOrElse({
      duration: answerMillis,
      orElse: () => Effect.succeed(problem(`${target} has not answered within ${answerMillis / 1_000} s`, remedy)),
    }),
  )
})

const layerReader = (folders: ReadonlyArray<string>, { config }: Subject) => {
  const coordinator = Layer.unwrap(
    Effect.map(HostEnvironment, (environment) => PluginCoordinator.layerNoDeps(optionsOf(config, environment))),
  ).pipe(
    Layer.provide([
      Quarantines.layerMemory,
      Catalog.layerDirectories(folders, wantedVersions(config.given)),
      Layer.provide(PluginLauncher.layer, NodeNames.layer),
    ]),
    Layer.provide(NodeNames.layer),
  )
  return ResourceReader.layerNoDeps.pipe(Layer.provide([TargetConfigs.layerNoDeps, coordinator]))
}

export const providers: Check = {
  name: "providers",
  boundMillis: seconds(60),
  look: Effect.fnUntraced(function* (subject) {
    const refusal = notStarted(subject)
    if (refusal !== undefined) return [refusal]
    const { folders } = yield* pluginPlaces(subject)
    const store = openStateToRead(subject.stateFile)
    const asked = Effect.gen(function* () {
      const inventory = yield* Inventory
      const rows = rowsOfTargets(yield* inventory.list())
      if (rows.length === 0) return [ok("The state has no resources, so there is no target to ask")]
      const found = yield* Effect.forEach(rows.slice(0, mostTargets), ask, { concurrency })
      const left = rows.length - mostTargets
      return left > 0 ? [...found, skipped(`${left} more targets were not asked`)] : found
    })
    return yield* asked.pipe(
      Effect.provide(Layer.merge(layerReader(folders, subject), Inventory.layer).pipe(Layer.provide(store))),
      Effect.catch(({ message }) =>
        Effect.succeed([skipped(`Not asked, because the state cannot be read: ${message}`)]),
      ),
    )
  }),
}
