/** The care with which a resource is treated. Kept with it, because the line of the document may be gone when it counts. */
import * as Schema from "effect/Schema"

/** What a document asks for beside the properties of a resource, as far as it counts when the resource is no longer wanted. */
export class Care extends Schema.Opaque<Care>()(
  Schema.Struct({
    /** Whether it may be neither deleted nor replaced. */
    protect: Schema.optionalKey(Schema.Boolean),
    /** Whether it is left where it is when it is no longer wanted. */
    retain: Schema.optionalKey(Schema.Boolean),
  }),
) {}

/** The care for a resource as its document has it, for its row and its operations. Nothing where none is asked for. */
export const careFor = ({
  onRemove,
  protect,
}: {
  readonly protect?: boolean
  readonly onRemove?: "delete" | "retain"
}): { readonly care?: Care } => {
  const care = { ...(protect === true && { protect }), ...(onRemove === "retain" && { retain: true }) }
  return Object.keys(care).length === 0 ? {} : { care }
}

/** A row of the state as it is read: a column that is null stands for no care. */
export const withoutNoCare = (row: object): object => {
  if (!("care" in row) || row.care !== null) return row
  const { care: _, ...rest } = row
  return rest
}
