/** The operations of a step, and their intents for the journal. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { NativeId } from "../../protocol/Identity.ts"
import { textsIn } from "../../protocol/Masking.ts"
import { Operation } from "../../protocol/Operation.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { Intent } from "../operations/Intents.ts"
import type { Work } from "../operations/Work.ts"
import type { Change, WantedResource } from "../plan/Change.ts"
import { careFor } from "../records/Care.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import type { CommandRef } from "./CommandRef.ts"

/** The work of an operation, except what to send and who observes. */
export const workOf = (
  { commandId }: CommandRef,
  entry: JournalEntry,
  targetConfig: TargetConfig,
  capabilities: TypeCapabilities | undefined,
  properties: Properties = {},
  unwanted: ReadonlyArray<string> = [],
): Omit<Work, "next" | "observe"> => {
  // A field of the target config is secret if the journal has it in another form than the plugin.
  const ofTarget = Object.entries(targetConfig).filter(
    ([name, value]) => !Equal.equals(ownValue(entry.targetConfig, name), value),
  )
  // A property that is not secret, but only never read back, may appear in messages, because it helps to understand them.
  const ofResource = Object.entries(properties).filter(
    ([name]) => ownValue(capabilities?.properties, name)?.opaque === true,
  )
  return {
    commandId,
    entry,
    targetConfig,
    capabilities,
    secrets: [...ofTarget, ...ofResource].flatMap(([, value]) => textsIn(value)),
    unwanted,
    onBegin: Effect.void,
  }
}

/** The intent to create or update a resource. */
export const intentOf = (
  { commandId, forma }: CommandRef,
  { dependsOn, existing, operation }: Change,
  { resource, targetConfig }: WantedResource,
  kind: Intent["kind"],
  place: string | null,
): Intent => ({
  commandId,
  forma,
  label: resource.label,
  type: resource.type,
  target: resource.target,
  targetConfig,
  place,
  kind,
  dependsOn,
  ...careFor(resource),
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
