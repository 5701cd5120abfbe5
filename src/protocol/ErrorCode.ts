/** Why a provider did not do what it was asked: 19 codes, 8 of which are worth another try. */
import * as Schema from "effect/Schema"
import { Message } from "./Text.ts"

/** Conditions that may pass. The operator retries after one of these, as its retry settings say. */
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
export type RecoverableErrorCode = typeof RecoverableErrorCode.Type | never

/** Conditions that another try does not change. The operation ends with the first one. */
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
export type TerminalErrorCode = typeof TerminalErrorCode.Type | never

/** All the codes that a `Failure` can have. */
export const ErrorCode = Schema.Literals([...RecoverableErrorCode.literals, ...TerminalErrorCode.literals])
export type ErrorCode = typeof ErrorCode.Type | never

const recoverable: ReadonlySet<ErrorCode> = new Set(RecoverableErrorCode.literals)

/** Whether the same call may succeed when it is made again. */
export const isRecoverable = (code: ErrorCode): code is RecoverableErrorCode => recoverable.has(code)

const ambiguous: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
])

/**
 * Whether a failure with this code leaves open if the provider did the work.
 * After such a failure, a create whose type declares no idempotency must not be
 * sent again.
 */
export const isAmbiguous = (code: ErrorCode): boolean => ambiguous.has(code)

/** A wait that a provider asks for, in milliseconds. */
export const RetryAfterMillis = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * The longest wait that is obeyed, in milliseconds: five minutes. A provider
 * that asks for more is asked again after that, and may say so once more.
 */
export const longestRetryAfterMillis = 300_000

/** An expected failure of a provider, as data: a code for programs and a message for people. */
export class Failure extends Schema.Opaque<Failure>()(
  Schema.Struct({
    /** For programs: whether it is worth another try follows from it. */
    code: ErrorCode,
    /** For people: what the provider said. */
    message: Message,
    /** How long the provider asks to wait before the next try, in milliseconds. Older agents ignore it. */
    retryAfterMillis: Schema.optionalKey(RetryAfterMillis),
  }),
) {}
