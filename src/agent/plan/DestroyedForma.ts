/** What a destroy is given of a document, and the care that the document says. */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import type { Forma } from "../forma/Forma.ts"
import { FormaResource, type MovedLabel } from "../forma/FormaDocument.ts"
import { type Care, careFor } from "../records/Care.ts"
import type { InventoryRow } from "../records/InventoryRow.ts"

/** What counts of a resource that is destroyed. */
export const CaredFor = Schema.Struct(
  Struct.pick(FormaResource.fields, ["label", "type", "target", "protect", "onRemove", "drift"]),
)
/** What counts of a resource that is destroyed. */
export type CaredFor = Pick<FormaResource, "label" | "type" | "target" | "protect" | "onRemove" | "drift">

/** The forma that is to be destroyed: its name, and what its document says, if there is one. */
export interface DestroyedForma {
  /** Its name. */
  readonly name: string
  /** The targets of the document, by label. Left out where there is none. */
  readonly targets?: Forma["targets"] | undefined
  /** Its resources. What they say of protection, of what is retained, and of drift that is asked for counts beside what the state remembers. */
  readonly resources?: ReadonlyArray<CaredFor> | undefined
  /** The labels that were renamed in it. */
  readonly moved?: ReadonlyArray<MovedLabel> | undefined
}

const hasCare = (one: CaredFor, { targets = {} }: DestroyedForma): boolean =>
  Object.keys(careSaid(one, targets)).length > 0

/** A document asks for care, and the state may not know it yet: it remembers what was applied. */
const careSaid = (one: CaredFor, targets: NonNullable<DestroyedForma["targets"]>): Care => {
  const drift = one.drift ?? (Object.hasOwn(targets, one.target) ? targets[one.target]?.drift : undefined)
  return careFor({ ...one, ...(drift === undefined ? {} : { drift }) }).care ?? {}
}

/** The resources of a document that ask for care, and no more of them than that. */
export const caredFor = (forma: DestroyedForma): ReadonlyArray<CaredFor> =>
  (forma.resources ?? [])
    .filter((one) => hasCare(one, forma))
    .map(Struct.pick(["label", "type", "target", "protect", "onRemove", "drift"]))

/** A row with the care that its document asks for too. What either of them keeps from being deleted is kept. */
export const withCareOf = (forma: DestroyedForma): ((row: InventoryRow) => InventoryRow) => {
  const { moved = [], resources = [], targets = {} } = forma
  const labels = new Map(moved.map(({ from, to }) => [from, to]))
  const said = new Map(resources.map((one) => [one.label, careSaid(one, targets)]))
  return (row) => {
    const care = said.get(labels.get(row.label) ?? row.label) ?? said.get(row.label)
    if (care === undefined) return row
    const { drift, protect, retain } = care
    return {
      ...row,
      care: {
        ...row.care,
        ...(protect === true && { protect }),
        ...(retain === true && { retain }),
        ...(drift === "ask" && { drift }),
      },
    }
  }
}
