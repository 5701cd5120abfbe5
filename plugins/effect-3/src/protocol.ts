/** The calls of PROTOCOL.md, section 5, as a group of @effect/rpc. */
import * as Rpc from "@effect/rpc/Rpc"
import * as RpcGroup from "@effect/rpc/RpcGroup"
import * as Schema from "effect/Schema"

const optional = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

export const JsonObject = Schema.Record({ key: Schema.String, value: Schema.Unknown })
export type JsonObject = typeof JsonObject.Type

const recoverable = [
  "Throttling",
  "NotStabilized",
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
  "NotFound",
  "ResourceConflict",
] as const
// Only the terminal codes that this plugin uses.
const terminal = ["NotUpdatable", "InvalidRequest", "AccessDenied", "AlreadyExists", "UnforeseenError"] as const

const ErrorCode = Schema.Literal(...recoverable, ...terminal)
export type ErrorCode = typeof ErrorCode.Type

export const isRecoverable = (code: ErrorCode) => recoverable.some((known) => known === code)

export const Failure = Schema.Struct({ code: ErrorCode, message: Schema.String })

/** A refusal of the provider. It is not an error of a call: it ends an operation, or one attempt of it. */
export class ProviderError extends Schema.TaggedError<ProviderError>()("ProviderError", Failure.fields) {}

const attempts = Schema.Int
export const InProgress = Schema.Struct({
  status: Schema.Literal("InProgress"),
  attempts,
  requestId: optional(Schema.String),
  nativeId: optional(Schema.String),
  failure: optional(Failure),
})
export const Finished = Schema.Union(
  Schema.Struct({ status: Schema.Literal("Succeeded"), attempts, nativeId: Schema.String, properties: JsonObject }),
  Schema.Struct({
    status: Schema.Literal("Failed"),
    attempts,
    failure: Failure,
    nativeId: optional(Schema.String),
  }),
)
export const Progress = Schema.Union(InProgress, Finished)
export type Progress = typeof Progress.Type
export type Finished = typeof Finished.Type

export const Recovery = Schema.Union(
  Schema.Struct({ status: Schema.Literal("NotStarted") }),
  Schema.Struct({ status: Schema.Literal("InProgress"), requestId: Schema.String, nativeId: Schema.String }),
  Schema.Struct({ status: Schema.Literal("Done"), nativeId: Schema.String, properties: JsonObject }),
  Schema.Struct({ status: Schema.Literal("Unknown"), message: Schema.String }),
)
export type Recovery = typeof Recovery.Type

export const Settings = Schema.Struct({
  retry: Schema.Struct({ maxRetries: Schema.Int, baseMillis: Schema.Int, capMillis: Schema.Int }),
  poll: Schema.Struct({ baseMillis: Schema.Int, factor: Schema.Number, capMillis: Schema.Int }),
  callTimeoutMillis: Schema.Int,
  logLevel: Schema.Literal("Debug", "Info", "Warn", "Error"),
})
export type Settings = typeof Settings.Type

export class ProtocolError extends Schema.TaggedError<ProtocolError>()("ProtocolError", { message: Schema.String }) {}
export class OperationNotSupported extends Schema.TaggedError<OperationNotSupported>()("OperationNotSupported", {
  operation: Schema.String,
  message: Schema.String,
}) {}
export class HandshakeRefused extends Schema.TaggedError<HandshakeRefused>()("HandshakeRefused", {
  message: Schema.String,
}) {}
export class ListFailed extends Schema.TaggedError<ListFailed>()("ListFailed", { failure: Failure }) {}

const CallError = Schema.Union(OperationNotSupported, ProtocolError)

const typeAndTarget = { operationId: Schema.String, resourceType: Schema.String, targetConfig: JsonObject }
const subject = { ...typeAndTarget, label: Schema.String }
const created = { ...subject, properties: JsonObject }
const known = { ...subject, nativeId: Schema.String }

export const HandshakeRequest = Schema.Struct({
  protocol: Schema.Struct({ min: Schema.Int, max: Schema.Int }),
  generation: Schema.Int,
  cookie: Schema.String,
  settings: Settings,
  config: optional(JsonObject),
})

export class PluginRpcs extends RpcGroup.make(
  // Any payload, because a handshake that cannot be read has to fail with HandshakeRefused.
  Rpc.make("Handshake", { payload: Schema.Unknown, success: JsonObject, error: HandshakeRefused }),
  Rpc.make("Configure", { payload: Settings, success: Schema.Null, error: ProtocolError }),
  Rpc.make("Create", { payload: created, success: Progress, error: CallError }),
  Rpc.make("Read", { payload: known, success: Finished, error: CallError }),
  Rpc.make("Update", { payload: { ...known, desired: JsonObject }, success: Progress, error: CallError }),
  Rpc.make("Delete", { payload: known, success: Progress, error: CallError }),
  Rpc.make("Status", { payload: { ...subject, requestId: Schema.String }, success: Progress, error: CallError }),
  Rpc.make("Recover", { payload: created, success: Recovery, error: CallError }),
  Rpc.make("Watch", {
    payload: { operationId: Schema.String },
    success: Progress,
    error: CallError,
    stream: true,
  }),
  Rpc.make("List", {
    payload: {
      ...typeAndTarget,
      pageToken: optional(Schema.String),
      pageSize: optional(Schema.Int.pipe(Schema.between(1, 1000))),
    },
    success: Schema.Struct({ nativeIds: Schema.Array(Schema.String), nextPageToken: optional(Schema.String) }),
    error: Schema.Union(CallError, ListFailed),
  }),
  // The wire turns calls that this group does not have, or that cannot be read, into this one. Its payload says why.
  Rpc.make("Refused", { payload: Schema.String }),
) {}
