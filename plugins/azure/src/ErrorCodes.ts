/** Maps what the SDKs throw to the error codes of the protocol. */
import { ProviderError, retryAfterIn } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Predicate from "effect/Predicate"

/** The names of errors: the `code` from storage and tables, the error's own name from the credentials. */
const names: ReadonlyArray<readonly [ErrorCode, string]> = [
  ["Throttling", "ServerBusy TooManyRequests"],
  ["NotStabilized", "AccountBeingCreated"],
  ["ServiceInternalError", "InternalError ServiceUnavailable"],
  ["ServiceTimeout", "OperationTimedOut TimeoutError ETIMEDOUT ESOCKETTIMEDOUT"],
  ["NetworkFailure", "REQUEST_SEND_ERROR ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN EPROTO"],
  ["NetworkFailure", "EHOSTUNREACH ENETUNREACH ENETDOWN PARSE_ERROR"],
  ["NotFound", "ContainerNotFound BlobNotFound QueueNotFound TableNotFound ResourceNotFound NotFound"],
  // The name will be free once the deletion has ended.
  ["ResourceConflict", "ContainerBeingDeleted QueueBeingDeleted TableBeingDeleted ContainerDisabled QueueDisabled"],
  ["ResourceConflict", "ConditionNotMet UpdateConditionNotSatisfied LeaseAlreadyPresent SnapshotOperationRateExceeded"],
  ["AlreadyExists", "ContainerAlreadyExists BlobAlreadyExists QueueAlreadyExists TableAlreadyExists"],
  ["AlreadyExists", "ResourceAlreadyExists EntityAlreadyExists"],
  ["AccessDenied", "AuthorizationFailure AuthorizationPermissionMismatch InsufficientAccountPermissions"],
  ["AccessDenied", "AuthorizationSourceIPMismatch AuthorizationProtocolMismatch AccountIsDisabled"],
  ["AccessDenied", "AuthorizationResourceTypeMismatch AuthorizationServiceMismatch PublicAccessNotPermitted"],
  ["AccessDenied", "KeyBasedAuthenticationNotPermitted"],
  ["InvalidCredentials", "AuthenticationFailed InvalidAuthenticationInfo NoAuthenticationInformation"],
  ["InvalidCredentials", "CredentialUnavailableError AuthenticationError AggregateAuthenticationError"],
  ["InvalidCredentials", "AuthenticationRequiredError"],
  ["InvalidRequest", "InvalidResourceName OutOfRangeInput InvalidMetadata EmptyMetadataKey MetadataTooLarge"],
  // Their status is that of a conflict, but a retry would fail again.
  ["GeneralServiceException", "LeaseIdMissing BlobImmutableDueToPolicy InvalidBlobType SnapshotsPresent"],
]

const byName: ReadonlyMap<unknown, ErrorCode> = new Map(
  names.flatMap(([code, list]) => list.split(" ").map((name) => [name, code] as const)),
)

/** For a name that is not listed. */
const byStatus = (status: number): ErrorCode => {
  if (status >= 500) return status === 504 ? "ServiceTimeout" : "ServiceInternalError"
  switch (status) {
    case 400:
    case 413:
      return "InvalidRequest"
    case 401:
      return "InvalidCredentials"
    case 403:
      return "AccessDenied"
    case 404:
      return "NotFound"
    case 408:
      return "ServiceTimeout"
    case 409:
    case 412:
    case 449:
      return "ResourceConflict"
    // From Cosmos DB: the partition that served the request has moved.
    case 410:
      return "ServiceInternalError"
    case 429:
      return "Throttling"
    default:
      return "GeneralServiceException"
  }
}

export const toErrorCode = (error: unknown): ErrorCode => {
  const named = byName.get(errorName(error)) ?? byName.get(field(error, "name"))
  if (named !== undefined) return named
  const status = statusOf(error)
  // Cosmos DB's names are numbers, and this one means that the name of a resource is taken.
  if (status === 409 && Predicate.isNumber(field(error, "code"))) return "AlreadyExists"
  return status === undefined ? "GeneralServiceException" : byStatus(status)
}

/** The name that the service gave to the error: `ContainerAlreadyExists`, or `404` from Cosmos DB. */
const errorName = (error: unknown): unknown =>
  // The tables SDK leaves the name in the response body; its own `code` is only for requests that failed to be sent.
  field(field(field(error, "details"), "odataError"), "code") ??
  field(error, "code") ??
  // The answer to a HEAD has no body.
  headerOf(error, "x-ms-error-code")

const statusOf = (error: unknown): number | undefined =>
  [field(error, "statusCode"), field(error, "code")].find((value) => Predicate.isNumber(value))

/** The failure as a message, with the code that says what can be done about it. */
export const toProviderError = (service: string, error: unknown): ProviderError => {
  const parts = [service, errorName(error) ?? field(error, "name"), publicText(error)]
  const shown = parts.flatMap((part) => (Predicate.isString(part) || Predicate.isNumber(part) ? [`${part}`] : []))
  const message = shown.filter((part) => part !== "" && part !== "Error").join(": ")
  return ProviderError.of(toErrorCode(error), message).after(retryAfterOf(error))
}

/** How long the service asks to wait: in a field of Cosmos DB's errors, or in a header of the response. */
const retryAfterOf = (error: unknown): number | undefined => {
  const millis = field(error, "retryAfterInMs")
  if (Predicate.isNumber(millis) && millis >= 0) return Math.ceil(millis)
  return retryAfterIn((name) => headerOf(error, name))
}

/** A header of the response. Cosmos DB keeps them as an object. */
const headerOf = (error: unknown, name: string): string | undefined => {
  const headers = field(field(error, "response"), "headers") ?? field(error, "headers")
  const value = hasGet(headers) ? headers.get(name) : field(headers, name)
  return Predicate.isString(value) ? value : undefined
}

const hasGet = (headers: unknown): headers is { readonly get: (name: string) => unknown } =>
  Predicate.hasProperty(headers, "get") && Predicate.isFunction(headers.get)

/** The message without secrets. Services quote the request from the second line on; any URL or setting may hold a key. */
const publicText = (error: unknown): string => {
  const message = field(error, "message")
  const line = (Predicate.isString(message) ? message : "").split(/[\r\n]/, 1)[0] ?? ""
  return line
    .replace(/\b(sig|AccountKey|SharedAccessSignature|SharedAccessKey)=[^\s;&"']+/gi, "$1=<redacted>")
    .replace(/\b(SharedKey(?:Lite)?|Bearer)\s+\S+/g, "$1 <redacted>")
    .slice(0, 500)
}

const field = (value: unknown, name: string): unknown => (Predicate.hasProperty(value, name) ? value[name] : undefined)
