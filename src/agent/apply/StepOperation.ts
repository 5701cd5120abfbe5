/** The operations that a step leads to, and what the journal is told of them. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { NativeId } from "../../protocol/Identity.ts"
import { textsIn } from "../../protocol/Masking.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import type { Intent } from "../operations/Intents.ts"
import type { Work } from "../operations/Work.ts"
import type { Change, Wanted } from "../plan/Change.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { CommandRef } from "./CommandRef.ts"

/** The work of an operation, but for what is sent and who watches. */
export const workOf = (
  { commandId }: CommandRef,
  entry: JournalEntry,
  targetConfig: TargetConfig,
  capabilities: TypeCapabilities | undefined,
  properties: Properties = {},
): Omit<Work, "next" | "observe"> => {
  // What the journal keeps in another form than the plugin is given it is secret.
  const ofTarget = Object.entries(targetConfig).filter(
    ([name, value]) => !Equal.equals(entry.targetConfig[name], value),
  )
  // What is only never read back may be named in a message: it helps to understand it.
  const ofResource = Object.entries(properties).filter(([name]) => capabilities?.properties[name]?.opaque === true)
  return {
    commandId,
    entry,
    targetConfig,
    capabilities,
    secrets: [...ofTarget, ...ofResource].flatMap(([, value]) => textsIn(value)),
    onBegin: Effect.void,
  }
}

/** The intent to create or update a resource. */
export const intentOf = (
  { commandId, forma }: CommandRef,
  { dependsOn, existing, operation }: Change,
  { resource: { label, target, type }, targetConfig }: Wanted,
  kind: Intent["kind"],
): Intent => ({
  commandId,
  forma,
  label,
  type,
  target,
  targetConfig,
  kind,
  dependsOn,
  nativeId: operation === "update" || operation === "noop" ? (existing?.row.nativeId ?? null) : null,
})

export const createOf = (
  { label, operationId, type: resourceType }: JournalEntry,
  targetConfig: TargetConfig,
  properties: Properties,
): Operation => Operation.cases.Create.make({ operationId, resourceType, targetConfig, label, properties })

export const deleteOf = (
  { label, operationId, type: resourceType }: JournalEntry,
  targetConfig: TargetConfig,
  nativeId: NativeId,
): Operation => Operation.cases.Delete.make({ operationId, resourceType, targetConfig, label, nativeId })
