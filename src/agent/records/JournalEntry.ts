/** One operation as the journal has it: what was intended, what the plugin has reported, and how it ended. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId, OperationId, RequestId, ResourceType } from "../../protocol/Identity.ts"
import { JsonObject } from "../../protocol/JsonObject.ts"
import { SealedProperties } from "../secrets/Seals.ts"
import { Care } from "./Care.ts"
import { ChangeError } from "./ChangeError.ts"
import { JournaledKind } from "./JournaledKind.ts"

/** A loss of the plugin that the operation survived. */
export class Crash extends Schema.Opaque<Crash>()(
  Schema.Struct({
    /** In milliseconds since 1970. */
    at: Schema.Finite,
    /** How the plugin was lost. */
    message: Schema.String,
  }),
) {}

/** How an operation ended, or where it stands. `NeedsAttention`: only a human can find out what became of it. `Forgotten`: a human has given it up. */
export const JournalStatus = Schema.Literals([
  "InProgress",
  "Succeeded",
  "Failed",
  "Canceled",
  "NeedsAttention",
  "Forgotten",
])
export type JournalStatus = typeof JournalStatus.Type | never

/** One operation that changes a resource. Its secrets are sealed or locked. */
export class JournalEntry extends Schema.Opaque<JournalEntry>()(
  Schema.Struct({
    /** Identifies the operation. Also its idempotency token at the provider. */
    operationId: OperationId,
    /** The command that it is part of. */
    commandId: Schema.String,
    /** The name of the forma. */
    forma: Schema.String,
    /** The label of the resource. */
    label: Schema.String,
    /** The resource type. */
    type: ResourceType,
    /** The label of the target. */
    target: Schema.String,
    /** The config of the target. Secrets in it are locked. */
    targetConfig: Schema.fromJsonString(JsonObject),
    /** Where native ids of the type are unique. Null where it is not known, as in entries of before 0.2.0. */
    place: Schema.NullOr(Schema.String).pipe(Schema.withDecodingDefaultKey(Effect.succeed(null))),
    /** What the operation does. */
    kind: JournaledKind,
    /** What is wanted, with references resolved and secrets sealed. Empty in a delete. */
    desired: Schema.fromJsonString(SealedProperties),
    /** The secrets among them, locked in the vault. Null where there are none, or where it is known how the operation ended. */
    secrets: Schema.NullOr(Schema.String),
    /** The labels that the resource refers to. */
    dependsOn: Schema.fromJsonString(Schema.Array(Schema.String)),
    /** The care that its document asks for. None if it is left out. */
    care: Schema.optionalKey(Schema.fromJsonString(Care)),
    /** The id that the provider gave the resource. Null until it is known. */
    nativeId: Schema.NullOr(NativeId),
    /** Null until the provider has accepted the work. */
    requestId: Schema.NullOr(RequestId),
    /** How often it was sent to a plugin. */
    sent: Schema.Int,
    /** How it ended, or where it stands. */
    status: JournalStatus,
    /** Whether it is known how it ended. If not, the operation is open, and the next command asks the plugin. */
    closed: Schema.BooleanFromBit,
    /** Why it failed, or why its end is not known. */
    failure: Schema.NullOr(Schema.fromJsonString(ChangeError)),
    /** The losses of the plugin that it has survived, in their order. */
    crashes: Schema.fromJsonString(Schema.Array(Crash)),
  }),
) {}
