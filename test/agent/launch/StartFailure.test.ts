import { assert, describe, it } from "@effect/vitest"
import { isStartCrash, startFailureOf } from "../../../src/agent/launch/StartFailure.ts"

describe("an exit before the handshake", () => {
  it.each([
    [129, "SIGHUP"],
    [130, "SIGINT"],
    [137, "SIGKILL"],
    [139, "SIGSEGV"],
    [143, "SIGTERM"],
  ])("with code %i is the end by %s, as a shell reports it", (code, signal) => {
    const failure = startFailureOf({ _tag: "Exited", code })
    assert.deepEqual(failure, { _tag: "Signalled", signal })
    assert.isTrue(isStartCrash(failure))
  })

  it.each([0, 1, 15, 64, 128, 255])("with code %i is the end that the program chose", (code) => {
    const failure = startFailureOf({ _tag: "Exited", code })
    assert.deepEqual(failure, { _tag: "Exited", code })
    assert.isFalse(isStartCrash(failure))
  })
})
