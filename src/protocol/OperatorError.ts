/**
 * How an operation fails for a reason that is not the provider's. A failure of
 * the provider is progress (`Failed`); these are failures on the way to it. Each
 * says how far it reaches: one call, one operation or one connection.
 */
import * as Schema from "effect/Schema"
import { Message } from "./Text.ts"

/** One call: the plugin does not serve this resource type, or does not support this operation on it. */
export class OperationNotSupported extends Schema.TaggedError<OperationNotSupported>(
  "formae/protocol/OperatorError/OperationNotSupported",
)("OperationNotSupported", {
  /** The name of the operation, such as `List`. */
  operation: Schema.String,
  message: Message,
}) {}

/** One call: what was sent or answered breaks the protocol. */
export class ProtocolError extends Schema.TaggedError<ProtocolError>("formae/protocol/OperatorError/ProtocolError")(
  "ProtocolError",
  { message: Message },
) {}

/**
 * One operation: the time in which it may act is over. What was sent to the
 * provider before stands.
 */
export class LeaseEnded extends Schema.TaggedError<LeaseEnded>("formae/protocol/OperatorError/LeaseEnded")(
  "LeaseEnded",
  {
    message: Message,
    /** Whether anything may have been done. If not, the operation was refused when it arrived. */
    begun: Schema.Boolean,
    /** Set by the agent where its own lease goes on, so that it can find out what became of the operation. Never crosses the wire. */
    isRenewed: Schema.optionalKey(Schema.Boolean),
  },
) {}

/** One connection: it ended before the operation did. The outcome of the operation is unknown. */
export class ConnectionLost extends Schema.TaggedError<ConnectionLost>("formae/protocol/OperatorError/ConnectionLost")(
  "ConnectionLost",
  {
    message: Schema.String,
    /** Whether the operation had been sent. If not, it can be sent to the next launch without risk. */
    sent: Schema.Boolean,
  },
) {}

/** One operation: it did not end within its time limit, and was canceled. Its outcome is unknown. */
export class OperationTimedOut extends Schema.TaggedError<OperationTimedOut>(
  "formae/protocol/OperatorError/OperationTimedOut",
)("OperationTimedOut", { message: Schema.String }) {}

/** All the ways in which an operation fails without an answer of the provider. */
export const OperatorError = Schema.Union([
  OperationNotSupported,
  ProtocolError,
  LeaseEnded,
  ConnectionLost,
  OperationTimedOut,
])
export type OperatorError = typeof OperatorError.Type | never
