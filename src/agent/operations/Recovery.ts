/**
 * What to do with an operation that may have been sent and whose end is not
 * known: a decision, as a function of what the journal has, what the plugin
 * answers, and how the type makes a repeated create harmless. ARCHITECTURE.md
 * shows it as a table.
 */
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import type { Recovery } from "../../protocol/Recovery.ts"
import type { Idempotency, Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

/** What the journal knows about an operation. */
export interface RecoveryFacts extends Pick<JournalEntry, "kind" | "nativeId" | "requestId"> {
  /** Whether it may have reached a plugin. */
  readonly maybeSent: boolean
}

/** What the plugin answers when it is asked about an operation: `NotAsked` if it was not, `Absent` if it is not running. */
export type RecoveryAnswer = Recovery | { readonly status: "NotAsked" } | { readonly status: "Absent" }

/**
 * What to do next with an operation.
 *
 * - `Send`: send the operation, for the first time or again, under the same
 *   operation id.
 * - `PollAgain`: poll work that the journal knows.
 * - `TakeOver`: record work that only the plugin knew, and poll it.
 * - `Finish`: it was done before: only its record is missing.
 * - `Wait`: wait for the plugin.
 * - `AskHuman`: only a human can find out what became of it.
 */
export type Decision =
  | { readonly _tag: "Send" }
  | {
      readonly _tag: "PollAgain"
      /** Identifies the work at the provider. */
      readonly requestId: RequestId
      /** Null until it is known. */
      readonly nativeId: NativeId | null
    }
  | {
      readonly _tag: "TakeOver"
      /** Identifies the work at the provider. */
      readonly requestId: RequestId
      /** Null until it is known. */
      readonly nativeId: NativeId | null
    }
  | {
      readonly _tag: "Finish"
      /** The id of the resource. */
      readonly nativeId: NativeId
      /** The properties that the provider has. */
      readonly properties: Properties
    }
  | { readonly _tag: "Wait" }
  | { readonly _tag: "AskHuman" }

/** Whether asking the plugin can help to decide. */
export const isWorthAsking = (
  { kind, maybeSent, requestId }: RecoveryFacts,
  { recoverable }: Pick<TypeCapabilities, "recoverable">,
): boolean => kind === "Create" && maybeSent && requestId === null && recoverable

/** Whether it does no harm if nobody knows what became of an operation: it can be sent again, or the plugin can be asked. */
export const isRepeatable = (
  { kind }: Pick<RecoveryFacts, "kind">,
  capabilities: Pick<TypeCapabilities, "idempotency" | "recoverable"> | undefined,
): boolean =>
  kind !== "Create" || (capabilities !== undefined && (capabilities.recoverable || capabilities.idempotency !== "none"))

/** Decides what to do with an operation whose end is not known. Pure. */
export const decide = (
  { kind, maybeSent, nativeId, requestId }: RecoveryFacts,
  answer: RecoveryAnswer,
  idempotency: Idempotency,
): Decision => {
  if (answer.status === "Absent") return { _tag: "Wait" }
  if (requestId !== null) return { _tag: "PollAgain", requestId, nativeId }
  // An update or a delete has the same effect each time.
  if (!maybeSent || kind !== "Create") return { _tag: "Send" }
  switch (answer.status) {
    case "NotStarted":
      return { _tag: "Send" }
    case "InProgress":
      return { _tag: "TakeOver", requestId: answer.requestId, nativeId: answer.nativeId ?? nativeId }
    case "Done":
      return { _tag: "Finish", nativeId: answer.nativeId, properties: answer.properties }
    case "NotAsked":
    case "Unknown":
      return idempotency === "none" ? { _tag: "AskHuman" } : { _tag: "Send" }
  }
}
