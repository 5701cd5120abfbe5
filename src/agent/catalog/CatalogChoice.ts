/** Which of the manifests on disk serves each namespace. */
import * as SemVer from "effect/SemVer"
import * as SemVerRange from "effect/SemVerRange"
import { chooseProtocol, formatProtocol, supportedProtocol } from "../../protocol/Handshake.ts"
import { namespaceKey } from "../../protocol/Identity.ts"
import type { Manifest } from "./Manifest.ts"

/** A manifest and the folder in which it was found. */
export interface Candidate {
  readonly manifest: Manifest
  readonly directory: string
  /** The absolute path of its entry, without links. */
  readonly entryPath: string
}

/** A plugin that cannot be used, and the reason. */
export interface RejectedPlugin {
  /** The path of its manifest. */
  readonly path: string
  /** Why it cannot be used, in words. */
  readonly reason: string
  /** Its namespace. Absent if the manifest could not be read. */
  readonly namespace?: string
}

export interface Choice {
  /** By the key of the namespace (`namespaceKey`). */
  readonly chosen: ReadonlyMap<string, Candidate>
  readonly rejected: ReadonlyArray<RejectedPlugin>
}

/** Which versions of a plugin may be used. */
export interface WantedVersion {
  /** What the version has to be. */
  readonly range: SemVerRange.SemVerRange
  /** Where that is said, such as a place in a configuration file. */
  readonly saidBy: string
}

/** By the name of a plugin, the versions of it that may be used. Undefined: all. */
export type WantedVersions = (plugin: string) => WantedVersion | undefined

const reasonAgainst = (
  { manifest }: Candidate,
  agentVersion: SemVer.SemVer,
  wanted: WantedVersion | undefined,
): string | undefined => {
  if (wanted !== undefined && !SemVerRange.matches(wanted.range, manifest.version)) {
    return `its version ${SemVer.format(manifest.version)} is not one of ${SemVerRange.format(wanted.range)}, which ${wanted.saidBy} allows alone: install another version, or allow this one there`
  }
  if (chooseProtocol(supportedProtocol, manifest.protocol) === undefined) {
    const side = manifest.protocol.min > supportedProtocol.max ? "agent" : "plugin"
    return `it speaks protocol ${formatProtocol(manifest.protocol)}, but this agent speaks ${formatProtocol(supportedProtocol)}: upgrade the ${side}`
  }
  if (SemVer.isGreaterThan(manifest.minAgentVersion, agentVersion)) {
    return `it needs agent ${SemVer.format(manifest.minAgentVersion)} or later, but this is ${SemVer.format(agentVersion)}: upgrade the agent`
  }
  return undefined
}

/**
 * Chooses the highest version for each namespace that this agent can run. With
 * two equal versions the earlier folder wins, so the order of `--plugins` decides.
 */
export const chooseManifests = (
  candidates: ReadonlyArray<Candidate>,
  agentVersion: SemVer.SemVer,
  wantedOf: WantedVersions = () => undefined,
): Choice => {
  const chosen = new Map<string, Candidate>()
  const rejected: Array<RejectedPlugin> = []
  for (const candidate of candidates) {
    const { directory, manifest } = candidate
    const against = reasonAgainst(candidate, agentVersion, wantedOf(manifest.name))
    if (against !== undefined) {
      rejected.push({ path: directory, namespace: manifest.namespace, reason: against })
      continue
    }
    const key = namespaceKey(manifest.namespace)
    const held = chosen.get(key)
    if (held === undefined || SemVer.isGreaterThan(manifest.version, held.manifest.version)) chosen.set(key, candidate)
  }
  return { chosen, rejected }
}
