import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../src/agent/supervision/PluginEvent.ts"
import { defaultSupervisionSettings } from "../../src/agent/supervision/SupervisionSettings.ts"
import { pluginsFolder } from "../bundles/folders.ts"
import { callsOn, fakeCloud, operatorOf } from "./clouds.ts"
import { untilGone } from "./processState.ts"

const layerImpatient = PluginCoordinator.layerProcesses([pluginsFolder], {
  // Only the plugin that will stall has short limits: on a slow machine others may be silent for a while too.
  supervision: (plugin) =>
    plugin === "fake-aws"
      ? { ...defaultSupervisionSettings, health: { tickMillis: 100, suspectMillis: 500, stalledMillis: 2_000 } }
      : defaultSupervisionSettings,
}).pipe(Layer.provideMerge(NodeServices.layer))

describe("a plugin whose event loop is blocked", () => {
  it.live("P2: is killed, reports where it hung, and is restarted, while another plugin answers", () =>
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      const events = yield* Queue.unbounded<PluginEvent>()
      yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
        Effect.forkScoped({ startImmediately: true }),
      )
      const next = Effect.fnUntraced(function* <Tag extends PluginEvent["_tag"]>(tag: Tag) {
        const matches = (event: PluginEvent): event is Extract<PluginEvent, { readonly _tag: Tag }> =>
          event._tag === tag && event.plugin === "fake-aws"
        while (true) {
          const event = yield* Queue.take(events)
          if (matches(event)) return event
        }
      })
      const target = yield* fakeCloud
      const [operator, aws] = yield* Effect.all([operatorOf("FakeAWS"), operatorOf("AWS")], {
        concurrency: "unbounded",
      })
      const { pid } = yield* next("Ready")
      const stalling = { ...target, faults: [{ operation: "create", when: "before", action: "stall", times: 1 }] }
      const call = yield* Effect.forkChild(
        Effect.flip(callsOn(operator, "FakeAWS::S3::Bucket", stalling).create({ BucketName: "never" })),
      )
      yield* next("Suspect")
      // This comes at once from AWS itself, which does not know the types of FakeAWS.
      const answer = yield* Effect.flip(callsOn(aws, "FakeAWS::S3::Bucket", target).read("any"))
      assert.strictEqual(answer._tag, "OperationNotSupported")
      assert.isUndefined(call.pollUnsafe())

      const stalled = yield* next("Stalled")
      assert.lengthOf(stalled.operations, 1)
      assert.isTrue(stalled.frames.some((frame) => frame.startsWith("stall ")))
      const error = yield* Fiber.join(call)
      assert.deepInclude(error, { _tag: "ConnectionLost", sent: true })
      assert.include(error.message, "did not answer for 2000 ms and was killed")
      assert.include(error.message, `it hung in ${stalled.frames[0]}`)
      // What the inspector prints is from Node, so it must not be quoted as a last line of the plugin.
      assert.notInclude(error.message, "nodejs.org")
      assert.include((yield* next("Crashed")).reason, `it hung in ${stalled.frames[0]}`)
      yield* untilGone(pid)
      assert.notStrictEqual((yield* next("Ready")).pid, pid)
      const made = yield* callsOn(operator, "FakeAWS::S3::Bucket", target).create({ BucketName: "after" })
      assert.strictEqual(made.status, "Succeeded")
    }).pipe(Effect.provide(layerImpatient), Effect.scoped),
  )
})
