/** How commands name a resource. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { ResourceName } from "../../agent/index.ts"
import { failed, refused } from "../agentFailures.ts"
import type { CommandFailure } from "../CommandFailure.ts"
import { textFlag } from "../textFlag.ts"

export const label = Argument.String("label").pipe(Argument.withDescription("The label of the resource"))

export const forma = textFlag("forma").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The name of the document that the resource belongs to; needed if several have its label"),
  Flag.optional,
)

export const resourceNameOf = (flags: {
  readonly label: string
  readonly forma: Option.Option<string>
}): ResourceName => ({
  label: flags.label,
  // The names of documents are stored in this form.
  forma: Option.getOrUndefined(flags.forma)?.normalize("NFC"),
})

const inputErrors: ReadonlySet<string> = new Set(["MoveRefused", "ResourceNotFound"])

/** A resource that is not there, or a label that it cannot have, is bad input. */
export const resourceFailure = (error: { readonly _tag: string; readonly message: string }): CommandFailure =>
  inputErrors.has(error._tag) ? refused(error) : failed(error)
