/** Maps what the SDK throws to the error codes of the protocol. */
import { ProviderError, retryAfterIn } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Predicate from "effect/Predicate"

/** The names of services' errors, without their namespace and without `Exception`. */
const names: ReadonlyArray<readonly [ErrorCode, string]> = [
  ["Throttling", "Throttling Throttled ThrottledRequest RequestThrottled RequestThrottling KMSThrottling"],
  ["Throttling", "TooManyRequests RequestLimitExceeded ProvisionedThroughputExceeded ThrottlingQuotaExceeded"],
  ["Throttling", "SlowDown ReducePriority BandwidthLimitExceeded PriorRequestNotComplete"],
  ["NotStabilized", "QueueDeletedRecently"],
  ["ServiceInternalError", "InternalError InternalFailure InternalServerError InternalServiceError"],
  ["ServiceInternalError", "ServiceUnavailable Unavailable"],
  ["ServiceTimeout", "TimeoutError RequestTimeout"],
  ["NotFound", "NotFound NoSuchBucket ResourceNotFound TableNotFound QueueDoesNotExist NonExistentQueue"],
  ["NotFound", "NoSuchBucketPolicy NoSuchEntity ParameterNotFound InvalidResourceId"],
  ["ResourceConflict", "ResourceInUse TableInUse OperationAborted ConcurrentAccess StaleTag ResourceConflict"],
  ["ResourceConflict", "Conflict InUse DependencyViolation DeleteConflict ConcurrentModification"],
  ["ResourceConflict", "EntityTemporarilyUnmodifiable TooManyUpdates"],
  ["AlreadyExists", "BucketAlreadyOwnedByYou BucketAlreadyExists QueueNameExists TableAlreadyExists"],
  ["AlreadyExists", "ResourceExists ResourceAlreadyExists EntityAlreadyExists ParameterAlreadyExists Duplicate"],
  ["NotUpdatable", "UnmodifiableEntity"],
  ["AccessDenied", "AccessDenied Forbidden AuthorizationError UnauthorizedOperation UnauthorizedAccess"],
  ["AccessDenied", "AllAccessDisabled AccountProblem OptInRequired NotSignedUp KMSAccessDenied"],
  ["InvalidCredentials", "ExpiredToken InvalidToken TokenRefreshRequired RequestExpired RequestTimeTooSkewed"],
  ["InvalidCredentials", "InvalidClientTokenId UnrecognizedClient InvalidAccessKeyId AuthFailure"],
  ["InvalidCredentials", "SignatureDoesNotMatch InvalidSignature IncompleteSignature MissingAuthenticationToken"],
  ["InvalidCredentials", "CredentialsProviderError TokenProviderError"],
  ["ServiceLimitExceeded", "LimitExceeded ServiceQuotaExceeded TooManyBuckets TopicLimitExceeded TagLimitExceeded"],
  ["ServiceLimitExceeded", "OverLimit CodeStorageExceeded"],
  ["InvalidRequest", "Validation ValidationError InvalidRequest InvalidArgument MissingParameter Serialization"],
  ["InvalidRequest", "InvalidParameter InvalidParameterValue InvalidParameterCombination InvalidAddress"],
  ["InvalidRequest", "InvalidAttributeName InvalidAttributeValue UnsupportedOperation InvalidTag TagPolicy"],
  ["InvalidRequest", "InvalidBucketName InvalidBucketState MalformedXML IllegalLocationConstraint"],
  ["InvalidRequest", "InvalidLocationConstraint PermanentRedirect AuthorizationHeaderMalformed"],
  [
    "InvalidRequest",
    "MalformedPolicy MalformedPolicyDocument InvalidInput InvalidKeyId InvalidNextToken InvalidFilter",
  ],
  ["InvalidRequest", "InvalidPaginationToken InvalidMarker"],
  ["InvalidRequest", "InvalidAllowedPattern ParameterPatternMismatch UnsupportedParameterType Malformed Range"],
  // The addresses belong to another subnet, so a retry would fail again.
  ["InvalidRequest", "InvalidSubnet.Conflict"],
  // Its status is that of a conflict, but a retry would fail again.
  ["GeneralServiceException", "BucketNotEmpty"],
]

const byName: ReadonlyMap<string, ErrorCode> = new Map(
  names.flatMap(([code, list]) => list.split(" ").map((name) => [name, code] as const)),
)

/** The `code` of errors of Node's sockets. */
const networkCodes: ReadonlySet<unknown> = new Set(
  "ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ENETDOWN EPROTO".split(" "),
)

/** For a name that is not listed. */
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

/** The name that the service gave to the error, such as `BucketNotEmpty`, `QueueDoesNotExist` or `Validation`. */
export const errorName = (error: unknown): string => {
  const name = field(error, "name")
  return Predicate.isString(name) ? name.replace(/^.*[.#]/, "").replace(/Exception$/, "") : "UnknownError"
}

export const toErrorCode = (error: unknown): ErrorCode => {
  // The SDK calls a socket that was reset a `TimeoutError`; Node's own code is more precise.
  if (networkCodes.has(field(error, "code"))) return "NetworkFailure"
  const status = field(field(error, "$metadata"), "httpStatusCode")
  const code = codeOf(error) ?? (Predicate.isNumber(status) ? byStatus(status) : "GeneralServiceException")
  if (
    code === "AccessDenied" &&
    /perform: \w+:(Tag|Untag|PutBucketTagging|AddTags|RemoveTags|CreateTags|DeleteTags)/.test(text(error))
  ) {
    return "UnauthorizedTaggingOperation"
  }
  return byText.find(({ name, words }) => name === code && words.test(text(error)))?.means ?? code
}

/** By the whole name, by the name without its namespace, or by its ending. */
const codeOf = (error: unknown): ErrorCode | undefined => {
  const whole = field(error, "name")
  const name = errorName(error)
  const own = Predicate.isString(whole) ? byName.get(whole) : undefined
  const known = own ?? byName.get(name)
  if (known !== undefined) return known
  // What the model of the service says of an error with a name of its own.
  if (field(field(error, "$retryable"), "throttling") === true) return "Throttling"
  return name.endsWith("LimitExceeded") ? "ServiceLimitExceeded" : undefined
}

/** How long the service asks to wait: in a field of the error, or in a header of the response that the SDK keeps with it. */
const retryAfterOf = (error: unknown): number | undefined => {
  const seconds = field(error, "retryAfterSeconds")
  const headers = field(field(error, "$response"), "headers")
  return retryAfterIn((name) => {
    if (name === "retry-after" && (Predicate.isNumber(seconds) || Predicate.isString(seconds))) return `${seconds}`
    const value = field(headers, name)
    return Predicate.isString(value) ? value : undefined
  })
}

/** Where a service has one name for several errors and no code for each, only its message tells them apart. */
const byText: ReadonlyArray<{ readonly name: ErrorCode; readonly words: RegExp; readonly means: ErrorCode }> = [
  // The topic, or the subscription, exists with other attributes or tags.
  { name: "InvalidRequest", words: /(Topic|Subscription) already exists with different/, means: "AlreadyExists" },
  { name: "ResourceConflict", words: /^Function already exist/, means: "AlreadyExists" },
  // A role that was just created is not known everywhere in AWS yet.
  { name: "InvalidRequest", words: /role defined for the function cannot be assumed/, means: "NotStabilized" },
]

/** The failure as a message, with the code that says what can be done about it. */
export const toProviderError = (service: string, error: unknown): ProviderError => {
  const message = publicText(error)
  const named = [service, errorName(error), message].filter((part) => part !== "" && part !== "UnknownError")
  return ProviderError.of(toErrorCode(error), named.join(": ")).after(retryAfterOf(error))
}

/**
 * The message without secrets. A service that rejects a signature quotes the
 * request from the second line on, including its session token; the SDK quotes
 * the command line of a `credential_process` that fails.
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
