/** What the SDK throws, as one of the protocol's error codes. */
import { ProviderError } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Predicate from "effect/Predicate"

/** Names that services give, without their namespace and without `Exception`. */
const names: ReadonlyArray<readonly [ErrorCode, string]> = [
  ["Throttling", "Throttling Throttled ThrottledRequest RequestThrottled RequestThrottling KMSThrottling"],
  ["Throttling", "TooManyRequests RequestLimitExceeded ProvisionedThroughputExceeded ThrottlingQuotaExceeded"],
  ["Throttling", "SlowDown ReducePriority BandwidthLimitExceeded PriorRequestNotComplete"],
  ["NotStabilized", "QueueDeletedRecently"],
  ["ServiceInternalError", "InternalError InternalFailure InternalServerError InternalServiceError"],
  ["ServiceInternalError", "ServiceUnavailable Unavailable"],
  ["ServiceTimeout", "TimeoutError RequestTimeout"],
  ["NotFound", "NotFound NoSuchBucket ResourceNotFound TableNotFound QueueDoesNotExist NonExistentQueue"],
  ["ResourceConflict", "ResourceInUse TableInUse OperationAborted ConcurrentAccess StaleTag"],
  ["AlreadyExists", "BucketAlreadyOwnedByYou BucketAlreadyExists QueueNameExists TableAlreadyExists"],
  ["AccessDenied", "AccessDenied Forbidden AuthorizationError UnauthorizedOperation UnauthorizedAccess"],
  ["AccessDenied", "AllAccessDisabled AccountProblem OptInRequired NotSignedUp KMSAccessDenied"],
  ["InvalidCredentials", "ExpiredToken InvalidToken TokenRefreshRequired RequestExpired RequestTimeTooSkewed"],
  ["InvalidCredentials", "InvalidClientTokenId UnrecognizedClient InvalidAccessKeyId AuthFailure"],
  ["InvalidCredentials", "SignatureDoesNotMatch InvalidSignature IncompleteSignature MissingAuthenticationToken"],
  ["InvalidCredentials", "CredentialsProviderError TokenProviderError"],
  ["ServiceLimitExceeded", "LimitExceeded ServiceQuotaExceeded TooManyBuckets TopicLimitExceeded TagLimitExceeded"],
  ["ServiceLimitExceeded", "OverLimit"],
  ["InvalidRequest", "Validation ValidationError InvalidRequest InvalidArgument MissingParameter Serialization"],
  ["InvalidRequest", "InvalidParameter InvalidParameterValue InvalidParameterCombination InvalidAddress"],
  ["InvalidRequest", "InvalidAttributeName InvalidAttributeValue UnsupportedOperation InvalidTag TagPolicy"],
  ["InvalidRequest", "InvalidBucketName InvalidBucketState MalformedXML IllegalLocationConstraint"],
  ["InvalidRequest", "InvalidLocationConstraint PermanentRedirect AuthorizationHeaderMalformed"],
  // A conflict by its status, but not one that passes.
  ["GeneralServiceException", "BucketNotEmpty"],
]

const byName: ReadonlyMap<string, ErrorCode> = new Map(
  names.flatMap(([code, list]) => list.split(" ").map((name) => [name, code] as const)),
)

/** Of Node's sockets, by their `code`. */
const networkCodes: ReadonlySet<unknown> = new Set(
  "ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ENETDOWN EPROTO".split(" "),
)

/** Where the name is not one we know. */
const byStatus = (status: number): ErrorCode => {
  if (status >= 500) return "ServiceInternalError"
  switch (status) {
    case 403:
      return "AccessDenied"
    case 404:
      return "NotFound"
    case 408:
      return "ServiceTimeout"
    case 409:
      return "ResourceConflict"
    case 429:
      return "Throttling"
    default:
      return "GeneralServiceException"
  }
}

/** The error as the service named it: `BucketNotEmpty`, `QueueDoesNotExist`, `Validation`. */
export const errorName = (error: unknown): string => {
  const name = field(error, "name")
  return Predicate.isString(name) ? name.replace(/^.*[.#]/, "").replace(/Exception$/, "") : "UnknownError"
}

export const toErrorCode = (error: unknown): ErrorCode => {
  // A socket that was reset is a `TimeoutError` to the SDK; Node's own word for it says more.
  if (networkCodes.has(field(error, "code"))) return "NetworkFailure"
  const status = field(field(error, "$metadata"), "httpStatusCode")
  const code =
    byName.get(errorName(error)) ?? (Predicate.isNumber(status) ? byStatus(status) : "GeneralServiceException")
  if (code === "AccessDenied" && /perform: \w+:(Tag|Untag|PutBucketTagging)/.test(text(error))) {
    return "UnauthorizedTaggingOperation"
  }
  // SNS has no name of its own for a topic that is there with other attributes or tags.
  if (code === "InvalidRequest" && /Topic already exists with different/.test(text(error))) return "AlreadyExists"
  return code
}

/** The failure in a sentence, under the code that says what may be done about it. */
export const toProviderError = (service: string, error: unknown): ProviderError => {
  const message = publicText(error)
  const named = [service, errorName(error), message].filter((part) => part !== "" && part !== "UnknownError")
  return ProviderError.of(toErrorCode(error), named.join(": "))
}

/**
 * Services that find a signature wrong quote the request back, session token
 * and all, from the second line on; a `credential_process` that fails is quoted
 * with its command line.
 */
const publicText = (error: unknown): string => {
  const line = text(error).split(/[\r\n]/, 1)[0] ?? ""
  if (line.startsWith("Command failed")) return "the credential_process of the profile failed"
  return line.replace(/(x-amz-security-token[:=]\s*)\S+/gi, "$1<redacted>").slice(0, 500)
}

const text = (error: unknown): string => {
  const message = field(error, "message")
  const code = field(error, "code")
  return Predicate.isString(message) && message !== "" ? message : Predicate.isString(code) ? code : ""
}

const field = (value: unknown, name: string): unknown => (Predicate.hasProperty(value, name) ? value[name] : undefined)
