/** What `formae resume` is limited to: a document, by its name or its file, or one command. */
import * as Argument from "effect/cli/Argument"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { documentNameOf } from "./document/documentName.ts"

export const target = Argument.String("target").pipe(
  Argument.withMetavar("NAME|FILE|COMMAND_ID"),
  Argument.withDescription("The name of a document, its file, or the id of a command (default: everything)"),
  Argument.optional,
)

const commandIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A text that is not the id of a command and not a file is a name. */
export const selectionOf = Effect.fnUntraced(function* (given: Option.Option<string>) {
  if (Option.isNone(given)) return {}
  const text = given.value
  if (commandIdPattern.test(text)) return { commandId: text }
  return { forma: yield* documentNameOf(text) }
})
