/** How `adopt` and `forget` name the open operation that a human settles. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { OperationName } from "../agent/index.ts"
import { failed, refused } from "./agentFailures.ts"
import type { CommandFailure } from "./CommandFailure.ts"
import { textFlag } from "./textFlag.ts"

export const label = Argument.String("label").pipe(
  Argument.withDescription("The label of the resource that was reported as NeedsAttention"),
)

export const forma = textFlag("forma").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription(
    "The name of the document that the resource belongs to; needed if several documents have an open operation on its label",
  ),
  Flag.optional,
)

export const nameOf = (flags: { readonly label: string; readonly forma: Option.Option<string> }): OperationName => ({
  label: flags.label,
  // The names of documents are stored in this form.
  forma: Option.getOrUndefined(flags.forma)?.normalize("NFC"),
})

/** A name that no open operation has is bad input. */
export const settleFailure = (error: { readonly _tag: string; readonly message: string }): CommandFailure =>
  error._tag === "OperationNotOpen" ? refused(error) : failed(error)
