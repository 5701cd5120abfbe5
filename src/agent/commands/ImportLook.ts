/** Looks at a thing that is to be imported: what it is, whose it is, and what the provider has. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { namespaceKey, namespaceOf } from "../../protocol/Identity.ts"
import type { Properties, TargetConfig, TypeCapabilities } from "../../protocol/Resource.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { NamespaceUnknown } from "../catalog/NamespaceUnknown.ts"
import type { FormaDocument } from "../forma/FormaDocument.ts"
import { plainObject } from "../forma/SecretCheck.ts"
import type { ChangeFailed } from "../operations/ChangeFailed.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { ResourceReader } from "../operations/ResourceReader.ts"
import { Inventory, type InventoryRow, type InventoryUnreadable } from "../records/Inventory.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../supervision/PluginUnavailable.ts"
import { type ImportReason, ImportRefused, type ThingToImport } from "./ImportRefused.ts"

/** A thing that exists. */
export interface SeenThing extends ThingToImport {
  readonly targetConfig: TargetConfig
  readonly capabilities: TypeCapabilities
  readonly place: string
  readonly actual: Properties
  /** Its own row, where it was imported before. */
  readonly row: InventoryRow | undefined
}

/** Why a thing cannot be looked at. */
export type LookError =
  | ChangeFailed
  | ImportRefused
  | InventoryUnreadable
  | NamespaceUnknown
  | PluginUnavailable
  | SqlError

/** Refuses to import a thing. */
export const refuseImport = ({ label, nativeId, type }: ThingToImport, reason: ImportReason): ImportRefused =>
  new ImportRefused({ label, nativeId, type, reason })

/** Fails where two of them are the same thing, or have one label. */
export const refuseTwins = (things: ReadonlyArray<ThingToImport>): Effect.Effect<void, ImportRefused> => {
  const twin = things.find((one, index) =>
    things
      .slice(0, index)
      .some(
        (other) =>
          other.label === one.label ||
          (other.type === one.type && other.nativeId === one.nativeId && other.target === one.target),
      ),
  )
  return twin === undefined ? Effect.void : Effect.fail(refuseImport(twin, { _tag: "NamedTwice" }))
}

export const makeImportLook = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const identifier = yield* ResourceIdentifier
  const inventory = yield* Inventory
  const reader = yield* ResourceReader

  /** Reads it at a target of the document. Fails where it has another owner. */
  return Effect.fn("Import.look")(function* (
    forma: string,
    targets: FormaDocument["targets"],
    thing: ThingToImport,
  ): Effect.fn.Return<SeenThing, LookError> {
    const refuse = (reason: ImportReason) => refuseImport(thing, reason)
    const { label, nativeId, type } = thing
    const namespace = namespaceKey(namespaceOf(type))
    const target = ownValue(targets, thing.target)
    if (target === undefined || namespaceKey(target.namespace) !== namespace) {
      const known = Object.keys(targets).filter((name) => namespaceKey(targets[name]?.namespace ?? "") === namespace)
      return yield* refuse({ _tag: "TargetUnknown", target: thing.target, known })
    }
    const types = yield* coordinator.capabilities(namespaceOf(type))
    const capabilities = types.get(type)
    if (capabilities === undefined) return yield* refuse({ _tag: "TypeUnknown", known: [...types.keys()] })
    const targetConfig = plainObject(target.config ?? {})
    const place = yield* identifier.placeOf(type, targetConfig)
    const { others, own: row } = yield* inventory.find({ forma, label, type, nativeId })
    // A row whose place is not known may be the same thing.
    const owner = others.find((one) => one.place === null || one.place === place)
    if (owner !== undefined) return yield* refuse({ _tag: "OwnedElsewhere", forma: owner.forma, label: owner.label })
    if (row !== undefined && (row.type !== type || row.nativeId !== nativeId || row.place !== place)) {
      return yield* refuse({ _tag: "LabelTaken" })
    }
    const actual = yield* reader.read({ forma, label, type, nativeId }, targetConfig)
    if (actual === undefined) return yield* refuse({ _tag: "NotAtProvider" })
    return { ...thing, targetConfig, capabilities, place, actual, row }
  })
})
