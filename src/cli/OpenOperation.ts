/** What `adopt` and `forget` share: which operation is meant, and whose fault it is when there is none. */
import * as Option from "effect/Option"
import { badInput, type CommandEnded, failed } from "./CommandFailure.ts"

export const named = (flags: { readonly label: string; readonly forma: Option.Option<string> }) => ({
  label: flags.label,
  forma: Option.getOrUndefined(flags.forma),
})

export const refusedSettlement = (error: { readonly _tag: string; readonly message: string }): CommandEnded =>
  error._tag === "OperationNotOpen" ? badInput(error._tag, error.message) : failed(error)
