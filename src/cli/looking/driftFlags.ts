/** The argument and the flags of `sync` and `drift`, and how they end where something differs. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CommandResult } from "../../agent/index.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { documentNameOf } from "../document/documentName.ts"
import { agentFlags } from "../SharedFlags.ts"
import { driftLeft } from "./driftLeft.ts"
import { textFlag } from "../textFlag.ts"
import { repeatable } from "../repeatable.ts"

const document = Argument.String("document").pipe(
  Argument.withMetavar("NAME|FILE"),
  Argument.withDescription("The name of a document, or its file (default: all documents in the state)"),
  Argument.optional,
)

const label = textFlag("label").pipe(
  Flag.withMetavar("LABEL"),
  Flag.withDescription("Only the resource with this label; may be repeated"),
  repeatable,
)

const detailedExitcode = Flag.Boolean("detailed-exitcode").pipe(
  Flag.withDescription(`End with ${exitCodes.changes} where something differs, and with 0 where nothing does`),
  Flag.withDefault(false),
)

export const driftFlags = { document, label, detailedExitcode, ...agentFlags }

export const selectionOf = Effect.fnUntraced(function* (flags: {
  readonly document: Option.Option<string>
  readonly label: ReadonlyArray<string>
}) {
  const labels = flags.label.length === 0 ? {} : { labels: flags.label }
  if (Option.isNone(flags.document)) return labels
  return { ...labels, forma: yield* documentNameOf(flags.document.value) }
})

export const failIfDrifted = (
  { detailedExitcode: isAsked }: { readonly detailedExitcode: boolean },
  result: CommandResult,
): Effect.Effect<void, CommandFailure> =>
  isAsked && driftLeft(result).length > 0
    ? Effect.fail(new CommandFailure({ exitCode: exitCodes.changes, message: "" }))
    : Effect.void
