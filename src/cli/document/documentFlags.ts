/** The flags that say what a document is given. */
import * as Flag from "effect/cli/Flag"
import type * as Option from "effect/Option"
import { textFlag } from "../textFlag.ts"
import { repeatable } from "../repeatable.ts"

const set = textFlag("set").pipe(
  Flag.withMetavar("NAME=VALUE"),
  Flag.withDescription("The value of a parameter of the document; may be repeated"),
  repeatable,
)

const parameters = textFlag("parameters").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription(
    "A file with values of parameters by name, in YAML or JSON; may be repeated, and the last one counts. The environment variable FORMAE_PARAMETER_NAME gives a value too",
  ),
  repeatable,
)

const env = textFlag("env").pipe(
  Flag.withMetavar("ENV"),
  Flag.withDescription(
    "The environment, such as prod: takes parameters.prod.yaml beside the document, and adds @prod to the name of the document",
  ),
  Flag.optional,
)

export const documentFlags = { set, parameters, env }

/** What a document is given by flags. */
export interface DocumentFlags {
  readonly name: Option.Option<string>
  readonly set: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<string>
  readonly env: Option.Option<string>
  readonly trust: ReadonlyArray<string>
}
