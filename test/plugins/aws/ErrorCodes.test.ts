import { assert, describe, it } from "@effect/vitest"
import type { ErrorCode } from "formae/protocol"
import { toErrorCode, toProviderError } from "../../../plugins/aws/src/ErrorCodes.ts"

/** An error as the SDK throws it. */
const refusal = (name: string, httpStatusCode = 400, message = "") => ({ name, message, $metadata: { httpStatusCode } })
const socketError = (code: string, name = "Error") => ({ name, code, message: "", $metadata: { attempts: 1 } })

const table: ReadonlyArray<readonly [unknown, ErrorCode]> = [
  [refusal("ThrottlingException"), "Throttling"],
  [refusal("TooManyRequestsException"), "Throttling"],
  [refusal("ProvisionedThroughputExceededException"), "Throttling"],
  [refusal("RequestLimitExceeded"), "Throttling"],
  [refusal("SlowDown", 503), "Throttling"],
  [refusal("Nameless", 429), "Throttling"],
  [{ ...refusal("LayeredLimitExceeded"), $retryable: { throttling: true } }, "Throttling"],
  [{ ...refusal("LayeredLimitExceeded"), $retryable: {} }, "ServiceLimitExceeded"],
  [refusal("InternalError", 500), "ServiceInternalError"],
  [refusal("InternalServerError", 500), "ServiceInternalError"],
  [refusal("ServiceUnavailable", 503), "ServiceInternalError"],
  [refusal("Nameless", 502), "ServiceInternalError"],
  [refusal("TimeoutError", 0), "ServiceTimeout"],
  [refusal("RequestTimeout"), "ServiceTimeout"],
  [socketError("ETIMEDOUT", "TimeoutError"), "ServiceTimeout"],
  [socketError("ECONNREFUSED", "AggregateError"), "NetworkFailure"],
  [socketError("ECONNRESET", "TimeoutError"), "NetworkFailure"],
  [socketError("ENOTFOUND"), "NetworkFailure"],
  [socketError("EAI_AGAIN"), "NetworkFailure"],
  [socketError("EHOSTUNREACH"), "NetworkFailure"],
  [refusal("NoSuchBucket", 404), "NotFound"],
  [refusal("NotFound", 404), "NotFound"],
  [refusal("NotFoundException", 404), "NotFound"],
  [refusal("ResourceNotFoundException"), "NotFound"],
  [refusal("QueueDoesNotExist"), "NotFound"],
  [refusal("AWS.SimpleQueueService.NonExistentQueue"), "NotFound"],
  [refusal("Nameless", 404), "NotFound"],
  [refusal("ResourceInUseException"), "ResourceConflict"],
  [refusal("OperationAborted", 409), "ResourceConflict"],
  [refusal("AWS.SimpleQueueService.QueueDeletedRecently"), "NotStabilized"],
  [refusal("AccessDenied", 403), "AccessDenied"],
  [refusal("AccessDeniedException"), "AccessDenied"],
  [refusal("AuthorizationErrorException", 403), "AccessDenied"],
  [refusal("Nameless", 403), "AccessDenied"],
  [
    refusal("AccessDenied", 403, "User: it is not authorized to perform: sqs:TagQueue on resource: x"),
    "UnauthorizedTaggingOperation",
  ],
  [
    refusal("AccessDenied", 403, "User: it is not authorized to perform: s3:PutBucketTagging on resource: x"),
    "UnauthorizedTaggingOperation",
  ],
  [refusal("ExpiredToken"), "InvalidCredentials"],
  [refusal("ExpiredTokenException"), "InvalidCredentials"],
  [refusal("InvalidClientTokenId", 403), "InvalidCredentials"],
  [refusal("UnrecognizedClientException"), "InvalidCredentials"],
  [refusal("InvalidAccessKeyId", 403), "InvalidCredentials"],
  [refusal("SignatureDoesNotMatch", 403), "InvalidCredentials"],
  [{ name: "CredentialsProviderError", message: "Could not load credentials" }, "InvalidCredentials"],
  [refusal("BucketAlreadyOwnedByYou", 409), "AlreadyExists"],
  [refusal("BucketAlreadyExists", 409), "AlreadyExists"],
  [refusal("AWS.SimpleQueueService.QueueNameExists"), "AlreadyExists"],
  [
    refusal(
      "InvalidParameterException",
      400,
      "Invalid parameter: Tags Reason: Topic already exists with different tags",
    ),
    "AlreadyExists",
  ],
  [refusal("LimitExceededException"), "ServiceLimitExceeded"],
  [refusal("TooManyBuckets"), "ServiceLimitExceeded"],
  [refusal("TopicLimitExceededException", 403), "ServiceLimitExceeded"],
  [refusal("ValidationException"), "InvalidRequest"],
  [refusal("InvalidParameterException"), "InvalidRequest"],
  [refusal("InvalidAttributeValue"), "InvalidRequest"],
  [refusal("InvalidBucketName"), "InvalidRequest"],
  [refusal("MalformedXML"), "InvalidRequest"],
  [refusal("BucketNotEmpty", 409, "The bucket is not empty"), "GeneralServiceException"],
  [refusal("ParameterNotFound"), "NotFound"],
  [refusal("NoSuchEntityException", 404), "NotFound"],
  [refusal("NoSuchBucketPolicy", 404), "NotFound"],
  [refusal("InvalidVpcID.NotFound"), "NotFound"],
  [refusal("InvalidGroup.NotFound"), "NotFound"],
  [refusal("ParameterAlreadyExists"), "AlreadyExists"],
  [refusal("EntityAlreadyExistsException", 409), "AlreadyExists"],
  [refusal("ResourceExistsException"), "AlreadyExists"],
  [refusal("ResourceAlreadyExistsException"), "AlreadyExists"],
  [refusal("InvalidGroup.Duplicate"), "AlreadyExists"],
  [refusal("ResourceConflictException", 409, "Function already exist: resize"), "AlreadyExists"],
  [
    refusal("ResourceConflictException", 409, "The operation cannot be performed. An update is in progress"),
    "ResourceConflict",
  ],
  [refusal("DeleteConflictException", 409), "ResourceConflict"],
  [refusal("DependencyViolation"), "ResourceConflict"],
  [refusal("ConflictException", 409), "ResourceConflict"],
  [refusal("TooManyUpdates"), "ResourceConflict"],
  [refusal("InvalidSubnet.Conflict"), "InvalidRequest"],
  [refusal("InvalidVpc.Range"), "InvalidRequest"],
  [refusal("MalformedPolicyDocumentException"), "InvalidRequest"],
  [refusal("ParameterPatternMismatchException"), "InvalidRequest"],
  [
    refusal("InvalidParameterValueException", 400, "The role defined for the function cannot be assumed by Lambda."),
    "NotStabilized",
  ],
  [refusal("UnmodifiableEntityException"), "NotUpdatable"],
  [refusal("VpcLimitExceeded"), "ServiceLimitExceeded"],
  [refusal("ServiceQuotaExceededException", 402), "ServiceLimitExceeded"],
  [refusal("CodeStorageExceededException"), "ServiceLimitExceeded"],
  [
    refusal("UnauthorizedOperation", 403, "User: it is not authorized to perform: ec2:CreateTags on resource: x"),
    "UnauthorizedTaggingOperation",
  ],
  [refusal("SomethingNew"), "GeneralServiceException"],
  [new TypeError("x is not a function"), "GeneralServiceException"],
  ["a string", "GeneralServiceException"],
  [undefined, "GeneralServiceException"],
]

describe("the error code of what the SDK throws", () => {
  it.for(table)("%j is %s", ([error, code]) => {
    assert.strictEqual(toErrorCode(error), code)
  })
})

describe("the wait that a service asks for", () => {
  it.for([
    [{ ...refusal("SlowDown", 503), $response: { headers: { "retry-after": "3" } } }, 3_000],
    [{ ...refusal("ThrottlingException"), retryAfterSeconds: 2 }, 2_000],
    [{ ...refusal("TooManyRequestsException"), retryAfterSeconds: "5", $response: { headers: {} } }, 5_000],
    [refusal("ThrottlingException"), undefined],
    [undefined, undefined],
  ] as const)("%j: %s ms", ([error, millis]) => {
    assert.strictEqual(toProviderError("S3", error).retryAfterMillis, millis)
  })
})

describe("the message of what the SDK throws", () => {
  it.for([
    [refusal("NoSuchBucket", 404, "The bucket is not there"), "S3: NoSuchBucket: The bucket is not there"],
    [refusal("ResourceInUseException", 400, "UnknownError"), "S3: ResourceInUse"],
    [socketError("ECONNREFUSED", "AggregateError"), "S3: AggregateError: ECONNREFUSED"],
    [undefined, "S3"],
  ] as const)("%j: %s", ([error, message]) => {
    assert.strictEqual(toProviderError("S3", error).message, message)
  })

  it("contains no session token", () => {
    const { message } = toProviderError(
      "SQS",
      refusal(
        "SignatureDoesNotMatch",
        403,
        "The signature does not match x-amz-security-token:first\n\nThe Canonical String was\nx-amz-security-token:second",
      ),
    )
    assert.strictEqual(
      message,
      "SQS: SignatureDoesNotMatch: The signature does not match x-amz-security-token:<redacted>",
    )
  })

  it("contains no command of a credential process", () => {
    const failed = { name: "CredentialsProviderError", message: "Command failed: get-keys --password hunter2" }
    assert.notInclude(toProviderError("SQS", failed).message, "hunter2")
  })
})
