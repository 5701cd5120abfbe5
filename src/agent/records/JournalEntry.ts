/** One operation as the journal has it: what was intended, what was heard of it, and how it ended. */
import * as Schema from "effect/Schema"
import { NativeId, OperationId, RequestId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { SealedProperties } from "../secrets/Seals.ts"

/** A loss of the plugin that the operation lived through. */
export const Crash = Schema.Struct({
  /** In milliseconds since 1970. */
  at: Schema.Finite,
  message: Schema.String,
})
export type Crash = typeof Crash.Type

/** `NeedsAttention`: nobody but a human can find out what became of it. */
export const JournalStatus = Schema.Literals(["InProgress", "Succeeded", "Failed", "Canceled", "NeedsAttention"])
export type JournalStatus = typeof JournalStatus.Type

/** The operations that change something. What only reads is not in the journal. */
export const JournaledKind = Schema.Literals(["Create", "Update", "Delete"])
export type JournaledKind = typeof JournaledKind.Type

export const JournalEntry = Schema.Struct({
  operationId: OperationId,
  /** The command that it is part of. */
  commandId: Schema.String,
  forma: Schema.String,
  label: Schema.String,
  type: ResourceType,
  target: Schema.String,
  targetConfig: Schema.fromJsonString(JsonObject),
  kind: JournaledKind,
  /** What is wanted, references resolved, secrets sealed. Empty in a delete. */
  desired: Schema.fromJsonString(SealedProperties),
  /** The secrets among them, locked in the vault, for as long as the operation may have to be sent again. */
  secrets: Schema.NullOr(Schema.String),
  dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)),
  nativeId: Schema.NullOr(NativeId),
  requestId: Schema.NullOr(RequestId),
  /** How often it was sent to a plugin. */
  sent: Schema.Int,
  status: JournalStatus,
  /** Whether it is known what became of it. What is not is asked for by the next command. */
  settled: Schema.BooleanFromBit,
  /** Why it failed, or what stands in the way of knowing. */
  failure: Schema.NullOr(Schema.fromJsonString(Schema.Struct({ code: Schema.String, message: Schema.String }))),
  crashes: Schema.fromJsonString(Schema.Array(Crash)),
})
export type JournalEntry = typeof JournalEntry.Type
