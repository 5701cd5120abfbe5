/** Makes sure that a create does not change what another label has. A plugin may replace what it finds. */
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import { ChangeFailed } from "../operations/ChangeFailed.ts"
import { ResourceIdentifier } from "../operations/ResourceIdentifier.ts"
import { placeOfRow } from "../operations/RowPlace.ts"
import { Inventory } from "../records/Inventory.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { ownedMessage } from "../records/OwnedElsewhere.ts"

/** A create that is about to be sent. */
interface Creation extends Pick<JournalEntry, "forma" | "label" | "type"> {
  readonly targetConfig: TargetConfig
  readonly properties: Properties
  /** The labels of its forma that the document no longer wants: what one of them has is renamed. */
  readonly unwanted: ReadonlyArray<string>
}

export const makeOwnerCheck = Effect.gen(function* () {
  const identifier = yield* ResourceIdentifier
  const inventory = yield* Inventory

  /**
   * The failure of a create that would make what another label has. Undefined
   * where the plugin does not say so. Fails where that label cannot be read.
   */
  return Effect.fn("ResourceUpdater.checkOwner")(function* ({
    forma,
    label,
    properties,
    targetConfig,
    type,
    unwanted,
  }: Creation): Effect.fn.Return<ChangeFailed | undefined, ChangeFailed | SqlError> {
    const found = yield* Effect.option(identifier.identify(type, targetConfig, properties))
    if (found._tag === "None" || found.value.nativeId === undefined) return undefined
    const { nativeId, place } = found.value
    const { others } = yield* inventory
      .find({ forma, label, type, nativeId })
      .pipe(
        Effect.catchTag("InventoryUnreadable", ({ message }) =>
          Effect.fail(
            new ChangeFailed({ reason: { _tag: "Blocked", code: "InventoryUnreadable" }, message, attempts: 0 }),
          ),
        ),
      )
    const same = others.filter((row) => row.type === type && row.nativeId === nativeId)
    const places = yield* Effect.forEach(same, (row) => placeOfRow(identifier, row))
    const owner = same[places.indexOf(place)]
    if (owner === undefined || (owner.forma === forma && unwanted.includes(owner.label))) return undefined
    return new ChangeFailed({ reason: { _tag: "OwnedElsewhere" }, message: ownedMessage(owner), attempts: 0 })
  })
})
