/**
 * How an operation fails for a reason that is not its provider's. A provider's
 * failure is progress (`Failed`); these are failures of the way there. Each
 * names its reach.
 */
import * as Schema from "effect/Schema"

/** One call: the plugin does not serve this resource type, or not this operation on it. */
export class OperationNotSupported extends Schema.TaggedError<OperationNotSupported>(
  "formae/protocol/OperatorError/OperationNotSupported",
)("OperationNotSupported", { operation: Schema.String, message: Schema.String }) {}

/** One call: what was sent or answered is not in the protocol. */
export class ProtocolError extends Schema.TaggedError<ProtocolError>("formae/protocol/OperatorError/ProtocolError")(
  "ProtocolError",
  { message: Schema.String },
) {}

/** One connection: it ended before the operation did. What became of the operation is not known. */
export class ConnectionLost extends Schema.TaggedError<ConnectionLost>("formae/protocol/OperatorError/ConnectionLost")(
  "ConnectionLost",
  {
    message: Schema.String,
    /** Whether the operation had been sent. One that had not may be sent to the next launch as if nothing had been. */
    sent: Schema.Boolean,
  },
) {}

/** One operation: it did not end within its limit, and was canceled. What became of it is not known. */
export class OperationTimedOut extends Schema.TaggedError<OperationTimedOut>(
  "formae/protocol/OperatorError/OperationTimedOut",
)("OperationTimedOut", { message: Schema.String }) {}

export const OperatorError = Schema.Union([OperationNotSupported, ProtocolError, ConnectionLost, OperationTimedOut])
export type OperatorError = typeof OperatorError.Type
