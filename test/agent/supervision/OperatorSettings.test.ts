import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { defaultOperatorSettings } from "../../../src/protocol/Settings.ts"
import { serves } from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { create } from "../../operator/operations.ts"
import { handshakeOf, handWritten } from "./handWritten.ts"
import { elapse, makeSupervised, untilIdle } from "./supervised.ts"

/** Greets, and answers nothing more. */
const silent = handWritten((request, process) => (request.tag === "Handshake" ? [handshakeOf(request, process)] : []))

describe("new settings for operators", () => {
  const noRetries = { ...defaultOperatorSettings, retry: { ...defaultOperatorSettings.retry, maxRetries: 0 } }
  const flaky = () => create("Flaky", { Fails: ["Throttling"] })

  it.effect("reach the plugins that run, and those that are started later", () =>
    Effect.gen(function* () {
      const { coordinator, eventsUntil, nextReady, operator, perform } = yield* makeSupervised()
      yield* operator()
      const process = yield* nextReady
      const retried = yield* Effect.forkChild(perform(flaky()), { startImmediately: true })
      yield* elapse("1 minute")
      assert.strictEqual((yield* Fiber.join(retried)).status, "Succeeded")
      yield* coordinator.configure(noRetries)
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
      yield* process.exit(1)
      yield* eventsUntil("Ready")
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
    }),
  )

  it.effect("reach a plugin that is being started", () =>
    Effect.gen(function* () {
      const gate = yield* Latch.make()
      const { coordinator, operator, perform } = yield* makeSupervised({
        programOf: () => (process) => Effect.andThen(gate.await, serves(plugin)(process)),
      })
      const starting = yield* Effect.forkChild(operator(), { startImmediately: true })
      yield* untilIdle
      yield* coordinator.configure(noRetries)
      yield* gate.open
      yield* Fiber.join(starting)
      assert.strictEqual((yield* perform(flaky())).status, "Failed")
    }),
  )

  it.effect("wait no longer than a handshake may take for a plugin that does not answer", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator } = yield* makeSupervised({ programOf: () => silent })
      yield* operator()
      yield* nextReady
      const configuring = yield* Effect.forkChild(coordinator.configure(noRetries), { startImmediately: true })
      yield* elapse("10 seconds")
      yield* Fiber.join(configuring)
    }),
  )

  it.effect("do no harm to a plugin that knows no such call", () =>
    Effect.gen(function* () {
      const { coordinator, nextReady, operator } = yield* makeSupervised({
        programOf: () =>
          handWritten((request, process) =>
            request.tag === "Handshake"
              ? [handshakeOf(request, process)]
              : [
                  JSON.stringify({
                    _tag: "Exit",
                    requestId: request.id,
                    exit: { _tag: "Failure", cause: [{ _tag: "Die", defect: "Unknown request tag: Configure" }] },
                  }),
                ],
          ),
      })
      yield* operator()
      const process = yield* nextReady
      yield* coordinator.configure(noRetries)
      assert.isTrue(yield* process.isRunning)
    }),
  )
})
