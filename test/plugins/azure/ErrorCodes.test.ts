import { assert, describe, it } from "@effect/vitest"
import type { ErrorCode } from "formae/protocol"
import { toErrorCode, toProviderError } from "../../../plugins/azure/src/ErrorCodes.ts"

/** Errors as the SDKs of storage, of tables and of Cosmos DB throw them. */
const storage = (code: string, statusCode: number, message = "") => ({ name: "RestError", code, statusCode, message })
const tables = (code: string, statusCode: number) => ({
  name: "RestError",
  statusCode,
  message: `{"odata.error":{}}`,
  details: { odataError: { code } },
})
const cosmos = (code: number, message = "") => ({ code, message })
const unsent = (code: string) => ({ name: "RestError", code, message: `connect ${code} 127.0.0.1:1` })

const table: ReadonlyArray<readonly [unknown, ErrorCode]> = [
  [storage("ServerBusy", 503), "Throttling"],
  [tables("TooManyRequests", 429), "Throttling"],
  [cosmos(429), "Throttling"],
  [storage("AccountBeingCreated", 409), "NotStabilized"],
  [storage("InternalError", 500), "ServiceInternalError"],
  [storage("Nameless", 502), "ServiceInternalError"],
  [cosmos(410), "ServiceInternalError"],
  [cosmos(503), "ServiceInternalError"],
  [storage("OperationTimedOut", 500), "ServiceTimeout"],
  [cosmos(408), "ServiceTimeout"],
  [{ code: "TimeoutError", message: "Timeout Error!" }, "ServiceTimeout"],
  [unsent("ETIMEDOUT"), "ServiceTimeout"],
  [unsent("ECONNREFUSED"), "NetworkFailure"],
  [unsent("ECONNRESET"), "NetworkFailure"],
  [unsent("ENOTFOUND"), "NetworkFailure"],
  [unsent("REQUEST_SEND_ERROR"), "NetworkFailure"],
  [storage("ContainerNotFound", 404), "NotFound"],
  [storage("Nameless", 404), "NotFound"],
  [tables("TableNotFound", 404), "NotFound"],
  [cosmos(404), "NotFound"],
  [storage("ContainerBeingDeleted", 409), "ResourceConflict"],
  [storage("QueueBeingDeleted", 409), "ResourceConflict"],
  [tables("TableBeingDeleted", 409), "ResourceConflict"],
  [storage("ConditionNotMet", 412), "ResourceConflict"],
  [storage("Nameless", 409), "ResourceConflict"],
  [cosmos(412), "ResourceConflict"],
  [cosmos(449), "ResourceConflict"],
  [storage("ContainerAlreadyExists", 409), "AlreadyExists"],
  [storage("BlobAlreadyExists", 409), "AlreadyExists"],
  [storage("QueueAlreadyExists", 409), "AlreadyExists"],
  [tables("TableAlreadyExists", 409), "AlreadyExists"],
  [cosmos(409), "AlreadyExists"],
  [storage("AuthorizationPermissionMismatch", 403), "AccessDenied"],
  [storage("PublicAccessNotPermitted", 409), "AccessDenied"],
  [cosmos(403), "AccessDenied"],
  [storage("AuthenticationFailed", 403), "InvalidCredentials"],
  [cosmos(401), "InvalidCredentials"],
  [{ name: "CredentialUnavailableError", message: "no credentials" }, "InvalidCredentials"],
  [{ name: "AggregateAuthenticationError", message: "none of them" }, "InvalidCredentials"],
  [storage("InvalidResourceName", 400), "InvalidRequest"],
  [storage("RequestBodyTooLarge", 413), "InvalidRequest"],
  [cosmos(400), "InvalidRequest"],
  [storage("LeaseIdMissing", 412), "GeneralServiceException"],
  [storage("SomethingNew", 418), "GeneralServiceException"],
  [new TypeError("x is not a function"), "GeneralServiceException"],
  ["a string", "GeneralServiceException"],
  [undefined, "GeneralServiceException"],
]

describe("the error code of what the SDKs throw", () => {
  it.for(table)("%j is %s", ([error, code]) => {
    assert.strictEqual(toErrorCode(error), code)
  })
})

describe("the wait that a service asks for", () => {
  const busy = { name: "RestError", code: "ServerBusy", statusCode: 503, message: "" }
  it.for([
    [{ ...busy, response: { headers: new Map([["retry-after", "3"]]) } }, 3_000],
    [{ ...busy, response: { headers: new Map([["x-ms-retry-after-ms", "250"]]) } }, 250],
    [{ code: 429, message: "", headers: { "x-ms-retry-after-ms": "40" } }, 40],
    [{ code: 429, message: "", retryAfterInMs: 12.5, headers: {} }, 13],
    [busy, undefined],
    [undefined, undefined],
  ] as const)("%j: %s ms", ([error, millis]) => {
    const { code, retryAfterMillis } = toProviderError("Azure", error)
    assert.strictEqual(retryAfterMillis, millis)
    if (millis !== undefined) assert.strictEqual(code, "Throttling")
  })
})

describe("the message of what the SDKs throw", () => {
  it.for([
    [
      storage("ContainerNotFound", 404, "It is not there.\nRequestId:1\nTime:2"),
      "Azure: ContainerNotFound: It is not there.",
    ],
    [cosmos(404, "Message: gone\r\nActivityId: 1"), "Azure: 404: Message: gone"],
    [unsent("ECONNREFUSED"), "Azure: ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1"],
    [new TypeError("x is not a function"), "Azure: TypeError: x is not a function"],
    [undefined, "Azure"],
  ] as const)("%j: %s", ([error, message]) => {
    assert.strictEqual(toProviderError("Azure", error).message, message)
  })

  it.for([
    "GET https://shop.blob.core.windows.net/?sv=1&sig=hunter2&se=3 failed",
    "AccountName=shop;AccountKey=hunter2;EndpointSuffix=core.windows.net is invalid",
    "BlobEndpoint=https://shop;SharedAccessSignature=hunter2",
    "The header Authorization: SharedKey shop:hunter2 is wrong",
    "Bearer hunter2 has expired",
  ])("shows no secret of: %s", (message) => {
    const shown = toProviderError("Azure", storage("AuthenticationFailed", 403, message)).message
    assert.notInclude(shown, "hunter2")
    assert.include(shown, "<redacted>")
  })
})
