/**
 * What PROTOCOL.md asks of a plugin that knows nothing else of formae: first
 * frame by frame, with frames that no agent would send, then under the real
 * agent.
 */
import { describe } from "@effect/vitest"
import { agentTests } from "./agentTests.ts"
import type { Foreign } from "./Foreign.ts"
import { frameTests } from "./frameTests.ts"
import { handshakeTests } from "./handshakeTests.ts"
import { operationTests, watchTests } from "./operationTests.ts"
import { requestTests } from "./requestTests.ts"

export const foreignSuite = (plugin: Foreign) => {
  describe("frame by frame", () => {
    handshakeTests(plugin)
    frameTests(plugin)
    requestTests(plugin)
    operationTests(plugin)
    watchTests(plugin)
  })
  agentTests(plugin)
}
