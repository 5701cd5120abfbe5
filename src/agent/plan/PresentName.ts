/** The names of resources whose document leaves them out: they stay as they are. */
import { lacksName } from "../forma/MadeName.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import type { InventoryRow } from "../records/Inventory.ts"
import type { ExistingResource, WantedResource } from "./Change.ts"

type Known = Pick<InventoryRow, "type" | "desired" | "actual">

/** The name that a row has, where it is of the wanted type. What the provider says goes before what was asked for. */
const nameIn = ({ capabilities: { naming }, resource }: WantedResource, row: Known | undefined): string | undefined => {
  if (naming === undefined || row?.type !== resource.type) return undefined
  const name = ownValue(row.actual, naming.property) ?? ownValue(row.desired, naming.property)
  return typeof name === "string" ? name : undefined
}

/** What is wanted, with the name that the row under its label has, where the document leaves it out. */
export const withNameOf = (wanted: WantedResource, row: Known | undefined): WantedResource => {
  const { capabilities, resource } = wanted
  const name = lacksName(capabilities, resource.properties) ? nameIn(wanted, row) : undefined
  return name === undefined || capabilities.naming === undefined
    ? wanted
    : {
        ...wanted,
        resource: { ...resource, properties: { ...resource.properties, [capabilities.naming.property]: name } },
      }
}

/** The same, with the name that was read now. */
export const withPresentName = (wanted: WantedResource, { actual = {}, row }: ExistingResource): WantedResource =>
  withNameOf(wanted, { ...row, actual })

/** Whether the agent will make the name of what is wanted, so that a create certainly makes a new thing. */
export const isToBeNamed = ({ capabilities, resource }: WantedResource): boolean =>
  lacksName(capabilities, resource.properties)

/** Without the native id of what has the name now: a create gets another name. */
export const withoutIdentity = (wanted: WantedResource): WantedResource => {
  if (!isToBeNamed(wanted)) return wanted
  const { nativeId: _, ...rest } = wanted
  return rest
}
