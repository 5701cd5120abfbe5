/**
 * The calls of the protocol. PROTOCOL.md is their normative description.
 *
 * An operation that ends right away is one request and one answer. One that
 * takes longer answers `InProgress`, and the rest of its progress is the stream
 * of `Watch`.
 */
import * as Schema from "effect/Schema"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcGroup from "effect/rpc/RpcGroup"
import { CanonicalizeRequest, CanonicalProperties } from "./Canonicalization.ts"
import { DescribeRequest, TypeDescriptions } from "./Description.ts"
import { Failure } from "./ErrorCode.ts"
import { HandshakeRefused, HandshakeRequest, HandshakeResponse } from "./Handshake.ts"
import { Identification, IdentifyRequest } from "./Identification.ts"
import { OperationId } from "./Identity.ts"
import { LeaseRequest } from "./Lease.ts"
import {
  CreateRequest,
  DeleteRequest,
  ListPage,
  ListRequest,
  ReadRequest,
  StatusRequest,
  UpdateRequest,
} from "./Operation.ts"
import { LeaseEnded, OperationNotSupported, ProtocolError } from "./OperatorError.ts"
import { Finished, Progress } from "./Progress.ts"
import { Recovery, RecoverRequest } from "./Recovery.ts"
import { OperatorSettings } from "./Settings.ts"

/** The errors with which a plugin may fail a call. A failure of the provider is not one of them. */
export const CallError = Schema.Union([OperationNotSupported, ProtocolError])
export type CallError = typeof CallError.Type | never

/** The errors with which a plugin may fail an operation that changes something. */
export const OperationError = Schema.Union([OperationNotSupported, ProtocolError, LeaseEnded])
export type OperationError = typeof OperationError.Type | never

/** The provider refused a list, for the reason in `failure`. */
export class ListFailed extends Schema.TaggedError<ListFailed>("formae/protocol/PluginRpcs/ListFailed")("ListFailed", {
  /** Why. */
  failure: Failure,
}) {
  override get message(): string {
    return `${this.failure.code}: ${this.failure.message}`
  }
}

/** The provider could not be asked for the place of a resource, for the reason in `failure`. */
export class IdentifyFailed extends Schema.TaggedError<IdentifyFailed>("formae/protocol/PluginRpcs/IdentifyFailed")(
  "IdentifyFailed",
  {
    /** Why it could not be asked. */
    failure: Failure,
  },
) {
  override get message(): string {
    return `${this.failure.code}: ${this.failure.message}`
  }
}

/** All the calls of the protocol, as a group of Effect RPC. */
export class PluginRpcs extends RpcGroup.make(
  Rpc.make("Handshake", { payload: HandshakeRequest, success: HandshakeResponse, error: HandshakeRefused }),
  Rpc.make("Configure", { payload: OperatorSettings, success: Schema.Void, error: ProtocolError }),
  Rpc.make("Lease", { payload: LeaseRequest, success: Schema.Void, error: ProtocolError }),
  Rpc.make("Describe", { payload: DescribeRequest, success: TypeDescriptions, error: CallError }),
  Rpc.make("Create", { payload: CreateRequest, success: Progress, error: OperationError }),
  Rpc.make("Read", { payload: ReadRequest, success: Finished, error: CallError }),
  Rpc.make("Update", { payload: UpdateRequest, success: Progress, error: OperationError }),
  Rpc.make("Delete", { payload: DeleteRequest, success: Progress, error: OperationError }),
  Rpc.make("Status", { payload: StatusRequest, success: Progress, error: OperationError }),
  Rpc.make("Recover", { payload: RecoverRequest, success: Recovery, error: CallError }),
  Rpc.make("Canonicalize", { payload: CanonicalizeRequest, success: CanonicalProperties, error: CallError }),
  Rpc.make("Identify", {
    payload: IdentifyRequest,
    success: Identification,
    error: Schema.Union([OperationNotSupported, ProtocolError, IdentifyFailed]),
  }),
  Rpc.make("Watch", {
    payload: Schema.Struct({ operationId: OperationId }),
    success: Progress,
    error: OperationError,
    stream: true,
  }),
  Rpc.make("StopRetrying", {
    payload: Schema.Struct({ operationId: OperationId }),
    success: Schema.Void,
    error: CallError,
  }),
  Rpc.make("List", {
    payload: ListRequest,
    success: ListPage,
    error: Schema.Union([OperationNotSupported, ProtocolError, ListFailed]),
  }),
) {}
