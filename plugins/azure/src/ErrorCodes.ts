/** What the SDKs throw, as one of the protocol's error codes. */
import { ProviderError } from "formae/plugin"
import type { ErrorCode } from "formae/protocol"
import * as Predicate from "effect/Predicate"

/** Names that services give: as `code` by those of storage and tables, as the name of the error by the credentials. */
const names: ReadonlyArray<readonly [ErrorCode, string]> = [
  ["Throttling", "ServerBusy TooManyRequests"],
  ["NotStabilized", "AccountBeingCreated"],
  ["ServiceInternalError", "InternalError ServiceUnavailable"],
  ["ServiceTimeout", "OperationTimedOut TimeoutError ETIMEDOUT ESOCKETTIMEDOUT"],
  ["NetworkFailure", "REQUEST_SEND_ERROR ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ENOTFOUND EAI_AGAIN EPROTO"],
  ["NetworkFailure", "EHOSTUNREACH ENETUNREACH ENETDOWN PARSE_ERROR"],
  ["NotFound", "ContainerNotFound BlobNotFound QueueNotFound TableNotFound ResourceNotFound NotFound"],
  // A name that is being given back will be free soon.
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
  // Conflicts by their status, but not ones that pass.
  ["GeneralServiceException", "LeaseIdMissing BlobImmutableDueToPolicy InvalidBlobType SnapshotsPresent"],
]

const byName: ReadonlyMap<unknown, ErrorCode> = new Map(
  names.flatMap(([code, list]) => list.split(" ").map((name) => [name, code] as const)),
)

/** Where the name is not one we know. */
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
    // Of Cosmos DB: what served the request has moved.
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
  // Cosmos DB has a number for its name, and this one when the name of a resource is taken.
  if (status === 409 && Predicate.isNumber(field(error, "code"))) return "AlreadyExists"
  return status === undefined ? "GeneralServiceException" : byStatus(status)
}

/** The error as the service named it: `ContainerAlreadyExists`, or `404` by Cosmos DB. */
const errorName = (error: unknown): unknown =>
  // The SDK of tables leaves the name in what it was answered; it has words of its own for a send that failed.
  field(field(field(error, "details"), "odataError"), "code") ?? field(error, "code")

const statusOf = (error: unknown): number | undefined =>
  [field(error, "statusCode"), field(error, "code")].find((value) => Predicate.isNumber(value))

/** The failure in a sentence, under the code that says what may be done about it. */
export const toProviderError = (service: string, error: unknown): ProviderError => {
  const parts = [service, errorName(error) ?? field(error, "name"), publicText(error)]
  const shown = parts.flatMap((part) => (Predicate.isString(part) || Predicate.isNumber(part) ? [`${part}`] : []))
  return ProviderError.of(toErrorCode(error), shown.filter((part) => part !== "" && part !== "Error").join(": "))
}

/** From the second line on, services quote the request. A signature or a key may stand in any URL or setting. */
const publicText = (error: unknown): string => {
  const message = field(error, "message")
  const line = (Predicate.isString(message) ? message : "").split(/[\r\n]/, 1)[0] ?? ""
  return line
    .replace(/\b(sig|AccountKey|SharedAccessSignature|SharedAccessKey)=[^\s;&"']+/gi, "$1=<redacted>")
    .replace(/\b(SharedKey(?:Lite)?|Bearer)\s+\S+/g, "$1 <redacted>")
    .slice(0, 500)
}

const field = (value: unknown, name: string): unknown => (Predicate.hasProperty(value, name) ? value[name] : undefined)
