/** What the journal and the inventory get of a thing that is imported. */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import { OperationId } from "../../protocol/Identity.ts"
import type { Properties } from "../../protocol/Resource.ts"
import { labelsNeeded } from "../forma/FormaOrder.ts"
import { type Lookup, resolveReferences } from "../forma/References.ts"
import type { WantedResource } from "../plan/Change.ts"
import type { Care } from "../records/Care.ts"
import { changeOfSuccess } from "../records/InventoryChange.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { Seals } from "../secrets/Seals.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { refuseImport, type SeenThing } from "./ImportLook.ts"

/** A thing, and how the document has it. */
export interface Matched {
  readonly seen: SeenThing
  readonly wanted: WantedResource
}

export const makeImportEntries = Effect.gen(function* () {
  const configs = yield* TargetConfigs
  const random = yield* SecureRandom.SecureRandom
  const seals = yield* Seals

  /** What is wanted, with the values of others in the place of references. */
  const resolve = Effect.fnUntraced(function* ({ seen, wanted }: Matched, lookup: Lookup) {
    const { properties, unknown } = resolveReferences(wanted.resource.properties ?? {}, lookup)
    return unknown.size === 0
      ? properties
      : yield* refuseImport(seen, { _tag: "ReferenceUnknown", properties: [...unknown] })
  })

  const entryOf = Effect.fnUntraced(function* (
    { seen, wanted: { capabilities, resource } }: Matched,
    properties: Properties,
    { care, commandId, forma }: { readonly care: Care | undefined; readonly commandId: string; readonly forma: string },
  ) {
    const entry: JournalEntry = {
      operationId: OperationId.make(yield* random.uuidV7()),
      commandId,
      forma,
      label: seen.label,
      type: seen.type,
      target: seen.target,
      targetConfig: yield* configs.lock(seen.targetConfig, capabilities),
      place: seen.place,
      kind: "Import",
      desired: yield* seals.seal(properties, capabilities),
      secrets: null,
      dependsOn: labelsNeeded(resource),
      ...(care !== undefined && { care }),
      nativeId: seen.nativeId,
      requestId: null,
      sent: 0,
      status: "Succeeded",
      closed: true,
      failure: null,
      crashes: [],
    }
    const read = { status: "Succeeded", attempts: 0, nativeId: seen.nativeId, properties: seen.actual } as const
    return { entry, change: changeOfSuccess(entry, capabilities, read) }
  })

  return { entryOf, resolve }
}).pipe(Effect.provide(SecureRandom.layerWebCrypto))
