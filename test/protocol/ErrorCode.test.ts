import { assert, describe, it } from "@effect/vitest"
import {
  ErrorCode,
  isAmbiguous,
  isRecoverable,
  RecoverableErrorCode,
  TerminalErrorCode,
} from "../../src/protocol/ErrorCode.ts"

describe("the error codes", () => {
  it("are 19, 8 of them recoverable", () => {
    assert.strictEqual(new Set(ErrorCode.literals).size, 19)
    assert.deepEqual(ErrorCode.literals.filter(isRecoverable), [
      "Throttling",
      "NotStabilized",
      "ServiceInternalError",
      "ServiceTimeout",
      "NetworkFailure",
      "InternalFailure",
      "NotFound",
      "ResourceConflict",
    ])
    assert.deepEqual(ErrorCode.literals, [...RecoverableErrorCode.literals, ...TerminalErrorCode.literals])
  })

  it("are ambiguous in four cases, all of them recoverable", () => {
    assert.deepEqual(ErrorCode.literals.filter(isAmbiguous), [
      "ServiceInternalError",
      "ServiceTimeout",
      "NetworkFailure",
      "InternalFailure",
    ])
  })
})
