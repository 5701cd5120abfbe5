/**
 * What is to be done with an operation that may have been sent, and of whose
 * end nothing is known: a decision, as a function of what the journal has,
 * what the plugin says, and how its type makes a repeated create harmless.
 * ARCHITECTURE.md has the same as a table.
 */
import type { NativeId, RequestId } from "../../protocol/Identity.ts"
import type { Recovery } from "../../protocol/Recovery.ts"
import type { Idempotency, Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"

/** What is known of an operation. */
export interface Known extends Pick<JournalEntry, "kind" | "nativeId" | "requestId"> {
  /** Whether it may have reached a plugin. */
  readonly maybeSent: boolean
}

/** What the plugin says: nothing where it was not asked, or is not there. */
export type Said = Recovery | { readonly status: "NotAsked" } | { readonly status: "Absent" }

export type Decision =
  /** The operation, for the first time or again, under the same operation id. */
  | { readonly _tag: "Send" }
  /** The status of work that the journal knows of. */
  | { readonly _tag: "PollAgain"; readonly requestId: RequestId; readonly nativeId: NativeId | null }
  /** The status of work that only the plugin knew of. */
  | { readonly _tag: "TakeOver"; readonly requestId: RequestId; readonly nativeId: NativeId | null }
  /** It was done before: what is missing is its record. */
  | { readonly _tag: "Finish"; readonly nativeId: NativeId; readonly properties: Properties }
  /** For the plugin. */
  | { readonly _tag: "Wait" }
  | { readonly _tag: "AskHuman" }

/** Whether the plugin can help to decide. */
export const isWorthAsking = (
  { kind, maybeSent, requestId }: Known,
  { recoverable }: Pick<TypeCapabilities, "recoverable">,
): boolean => kind === "Create" && maybeSent && requestId === null && recoverable

export const decide = (
  { kind, maybeSent, nativeId, requestId }: Known,
  said: Said,
  idempotency: Idempotency,
): Decision => {
  if (said.status === "Absent") return { _tag: "Wait" }
  if (requestId !== null) return { _tag: "PollAgain", requestId, nativeId }
  // What an update or a delete leads to is the same each time.
  if (!maybeSent || kind !== "Create") return { _tag: "Send" }
  switch (said.status) {
    case "NotStarted":
      return { _tag: "Send" }
    case "InProgress":
      return { _tag: "TakeOver", requestId: said.requestId, nativeId: said.nativeId ?? nativeId }
    case "Done":
      return { _tag: "Finish", nativeId: said.nativeId, properties: said.properties }
    case "NotAsked":
    case "Unknown":
      return idempotency === "none" ? { _tag: "AskHuman" } : { _tag: "Send" }
  }
}
