/** Why one change was not made. */
import * as Schema from "effect/Schema"
import { NativeId } from "../../protocol/Identity.ts"
import { Crash } from "../records/JournalEntry.ts"
import type { VaultUnavailable } from "../store/Vault.ts"

export class ChangeFailed extends Schema.TaggedError<ChangeFailed>("formae/agent/operations/ChangeFailed")(
  "ChangeFailed",
  {
    /** A provider's error code, or the name of the condition that came before it. */
    code: Schema.String,
    message: Schema.String,
    attempts: Schema.Int,
    nativeId: Schema.optionalKey(NativeId),
    /** The losses of the plugin that it lived through before. */
    crashes: Schema.optionalKey(Schema.Array(Crash)),
  },
) {}

/** What was locked away, and can not be had back. */
export const vaultClosed = ({ _tag, message }: Pick<VaultUnavailable, "_tag" | "message">): ChangeFailed =>
  new ChangeFailed({ code: _tag, message, attempts: 0 })

/** The code of what was not begun, because the command was asked to stop. */
export const canceledCode = "Canceled"

/** The code of what was left at a safe point, because the command was asked to stop: the provider works on it. */
export const leftCode = "LeftUnderWay"

export const isCanceled = (code: string): boolean => code === canceledCode || code === leftCode

/** The code of an operation of which nobody but a human can find out what became of it. */
export const needsAttentionCode = "NeedsAttention"
