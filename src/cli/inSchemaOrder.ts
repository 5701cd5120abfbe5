/** The order of fields in what is printed as JSON: that of the schema, and not that in which the value was made. */
import type * as Schema from "effect/Schema"
import { type CommandResult, ListedCommand, ResourceResult } from "../agent/index.ts"

const inOrderOf =
  (fields: Schema.Struct.Fields) =>
  <A extends object>(value: A): A => {
    const known = Object.keys(fields).filter((name) => Object.hasOwn(value, name))
    const ordered = Object.fromEntries(known.map((name) => [name, value[name as keyof A]]))
    return { ...ordered, ...value }
  }

/** A resource of a result. */
export const resourceInOrder = inOrderOf(ResourceResult.fields)

/** A command of a list. */
export const commandInOrder = inOrderOf(ListedCommand.fields)

/** The result of a command. */
export const resultInOrder = (result: CommandResult): CommandResult => ({
  ...result,
  resources: result.resources.map(resourceInOrder),
})
