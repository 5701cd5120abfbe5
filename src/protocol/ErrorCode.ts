/** Why a provider did not do what was asked: 19 codes, of which 8 are worth another try. */
import * as Schema from "effect/Schema"

/** Conditions that may pass: the operator tries again by its retry policy. */
export const RecoverableErrorCode = Schema.Literals([
  "Throttling",
  "NotStabilized",
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
  "NotFound",
  "ResourceConflict",
])
export type RecoverableErrorCode = typeof RecoverableErrorCode.Type

/** Conditions that another try does not change. */
export const TerminalErrorCode = Schema.Literals([
  "NotUpdatable",
  "InvalidRequest",
  "AccessDenied",
  "UnauthorizedTaggingOperation",
  "InvalidCredentials",
  "AlreadyExists",
  "ServiceLimitExceeded",
  "GeneralServiceException",
  "DependencyFailure",
  "UnforeseenError",
  "PluginNotFound",
])
export type TerminalErrorCode = typeof TerminalErrorCode.Type

export const ErrorCode = Schema.Literals([...RecoverableErrorCode.literals, ...TerminalErrorCode.literals])
export type ErrorCode = typeof ErrorCode.Type

const recoverable: ReadonlySet<ErrorCode> = new Set(RecoverableErrorCode.literals)

/** Whether a failure with this code may pass when the call is made again. */
export const isRecoverable = (code: ErrorCode): code is RecoverableErrorCode => recoverable.has(code)

/**
 * Failures after which nobody can say whether the provider did the work. A
 * create whose type declares no idempotency must not be sent again after one.
 */
const ambiguous: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
])

export const isAmbiguous = (code: ErrorCode): boolean => ambiguous.has(code)

/** An expected failure of a provider, as data. */
export const Failure = Schema.Struct({ code: ErrorCode, message: Schema.String })
export type Failure = typeof Failure.Type
