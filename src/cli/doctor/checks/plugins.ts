/** The plugins: found, chosen, and not used, and why. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as SemVer from "effect/SemVer"
import { wantedVersions } from "../../../agent/configuration/wantedVersions.ts"
import { type CatalogEntry, PluginQuarantined, type Quarantine, type RejectedPlugin } from "../../../agent/index.ts"
import { findCandidates } from "../../../agent/catalog/Catalog.ts"
import { type Candidate, chooseManifests, type WantedVersions } from "../../../agent/catalog/CatalogChoice.ts"
import { withoutShell } from "../../../agent/launch/GuardProcess.ts"
import { agentVersion } from "../../../agent/version.ts"
import { isWindows, Platform } from "../../../platform/Platform.ts"
import { posixShell } from "../../../platform/systemFiles.ts"
import { namespaceKey } from "../../../protocol/Identity.ts"
import { formatProtocol } from "../../../protocol/index.ts"
import { adviceForQuarantine } from "../../advice/adviceForQuarantine.ts"
import { describeRemarks, remarksOn } from "../../pluginRemarks.ts"
import { listQuarantines } from "../../QuarantineRecords.ts"
import { shippedPlugins } from "../../shippedPlugins.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem, skipped, warning } from "../Finding.ts"
import { pluginPlaces } from "../pluginPlaces.ts"

export interface FoundPlugins {
  readonly candidates: ReadonlyArray<Candidate>
  readonly unreadable: ReadonlyArray<RejectedPlugin>
  readonly wanted: WantedVersions
  readonly quarantines: ReadonlyArray<Quarantine>
  readonly shipped: ReadonlyArray<CatalogEntry>
}

const nameOf = ({ manifest: { name, namespace, version } }: Candidate): string =>
  `${namespace}: ${name} ${SemVer.format(version)}`

const chosenFindings = (chosen: Candidate, { quarantines, shipped }: FoundPlugins): ReadonlyArray<Finding> => {
  const { name, protocol } = chosen.manifest
  const quarantine = quarantines.find(({ plugin }) => plugin === name)
  const remarks = remarksOn(chosen, shipped)
  return [
    quarantine === undefined
      ? ok(`${nameOf(chosen)}, protocol ${formatProtocol(protocol)} (${chosen.entryPath})`)
      : problem(new PluginQuarantined(quarantine).message, adviceForQuarantine(name)),
    ...(remarks === undefined ? [] : describeRemarks(name, remarks)).map((remark) =>
      warning(remark, 'If you did not want that, "formae plugins" says where it is found'),
    ),
  ]
}

/** What is said of the plugins that were found. Pure. */
export const pluginFindings = (found: FoundPlugins): ReadonlyArray<Finding> => {
  const { candidates, unreadable, wanted } = found
  const { chosen, rejected } = chooseManifests(candidates, agentVersion, wanted)
  const isServed = (namespace: string | undefined) => namespace !== undefined && chosen.has(namespaceKey(namespace))
  const refused = [...unreadable, ...rejected]
  const passedOver = candidates.filter(
    (one) =>
      chosen.get(namespaceKey(one.manifest.namespace)) !== one && !rejected.some(({ path }) => path === one.directory),
  )
  return [
    ...[...chosen.values()].flatMap((one) => chosenFindings(one, found)),
    ...refused.map(({ namespace, path, reason }) => {
      const message = `${path} cannot be used: ${reason}`
      return isServed(namespace)
        ? warning(message, `Another plugin serves ${namespace}; correct this one, or remove it`)
        : problem(message, "Correct its manifest or its folder, or remove it")
    }),
    ...passedOver.map((one) => {
      const by = chosen.get(namespaceKey(one.manifest.namespace))
      return ok(
        `${nameOf(one)} (${one.directory}) is not used: ${by === undefined ? "" : `${nameOf(by)} (${by.directory})`} is newer, or is found first`,
      )
    }),
    ...(chosen.size === 0 ? [problem("No plugin can be used", "Name a folder of plugins with --plugins")] : []),
  ]
}

/** True where that cannot be found out. */
const hasShell = FileSystem.FileSystem.use((fs) => Effect.orElseSucceed(fs.exists(posixShell), () => true))

export const plugins: Check = {
  name: "plugins",
  boundMillis: seconds(15),
  look: Effect.fnUntraced(function* (subject) {
    const { findings, folders } = yield* pluginPlaces(subject)
    const { candidates, unreadable } = yield* findCandidates(folders)
    const quarantines =
      subject.untrusted.state === undefined
        ? yield* Effect.orElseSucceed(listQuarantines(subject.stateFile), () => undefined)
        : undefined
    const isGuarded = isWindows(yield* Platform) || (yield* hasShell)
    return [
      ...findings,
      ...pluginFindings({
        candidates,
        unreadable,
        wanted: wantedVersions(subject.config.given),
        quarantines: quarantines ?? [],
        shipped: yield* shippedPlugins,
      }),
      ...(quarantines === undefined
        ? [skipped("Whether a plugin is quarantined is not known, because the state is not read")]
        : []),
      ...(isGuarded ? [] : [warning(withoutShell, "")]),
    ]
  }),
}
