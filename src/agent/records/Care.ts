/** The care with which a resource is treated. Kept with it, because the line of the document may be gone when it counts. */
import * as Schema from "effect/Schema"
import { DriftPolicy, type FormaResource } from "../forma/FormaDocument.ts"

/** What a document asks for beside the properties of a resource, as far as it counts when the resource is no longer wanted. */
export class Care extends Schema.Opaque<Care>()(
  Schema.Struct({
    /** Whether it may be neither deleted nor replaced. */
    protect: Schema.optionalKey(Schema.Boolean),
    /** Whether it is left where it is when it is no longer wanted. */
    retain: Schema.optionalKey(Schema.Boolean),
    /** What others change on purpose, so that it is no drift: properties, or places in them as JSON Pointers. */
    ignore: Schema.optionalKey(Schema.Array(Schema.String)),
    /** What is done where it drifts. `report` if it is left out. */
    drift: Schema.optionalKey(DriftPolicy),
  }),
) {}

/** The care for a resource as its document has it, for its row and its operations. Nothing where none is asked for. */
export const careFor = ({
  drift,
  ignore = [],
  onRemove,
  protect,
}: Pick<FormaResource, "drift" | "ignore" | "onRemove" | "protect">): { readonly care?: Care } => {
  const care = {
    ...(protect === true && { protect }),
    ...(onRemove === "retain" && { retain: true }),
    ...(ignore.length > 0 && { ignore }),
    ...(drift !== undefined && drift !== "report" && { drift }),
  }
  return Object.keys(care).length === 0 ? {} : { care }
}

/** A row of the state as it is read: a column that is null stands for no care. */
export const withoutNoCare = (row: object): object => {
  if (!("care" in row) || row.care !== null) return row
  const { care: _, ...rest } = row
  return rest
}
