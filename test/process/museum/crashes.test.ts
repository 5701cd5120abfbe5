import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOperationId } from "../../operator/operations.ts"
import { untilGone } from "../processState.ts"
import { hurried, visit } from "./visit.ts"

describe.concurrent("a plugin that crashes", () => {
  for (const { exhibit, how, reason } of [
    {
      how: "because it exits with code 0 in the middle of a call",
      exhibit: "exits-during-a-call",
      reason: "left without being asked",
    },
    { how: "because it throws outside a call", exhibit: "throws-outside-a-call", reason: "exited with code 1" },
    { how: "because it rejects outside a call", exhibit: "rejects-outside-a-call", reason: "exited with code 1" },
    { how: "because of a segmentation fault", exhibit: "dies-of-a-segfault", reason: "was ended by SIGSEGV" },
    { how: "with most of its answer unwritten", exhibit: "exits-with-output-pending", reason: "exited with code 7" },
    { how: "because it needs more memory than its limit", exhibit: "leaks-memory", reason: "ran out of memory" },
  ]) {
    it.live(`P2: ${how} fails its call with the reason, and is restarted`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit, { ...hurried, limits: { ...hurried.limits, heapMiB: 32 } })
        const operationId = freshOperationId()
        const error = yield* Effect.flip(museum.read("any", operationId))
        assert.strictEqual(error._tag, "ConnectionLost")
        assert.include(error.message, reason)
        const crashed = yield* museum.next("Crashed")
        assert.include(crashed.reason, reason)
        assert.deepEqual(crashed.operations, [operationId])
        assert.strictEqual((yield* museum.next("Ready")).generation, 2)
        yield* museum.neighbourIsUnharmed
      }),
    )
  }

  it.live("P2: and leaves a grandchild that holds its pipes counts as gone, and its grandchild is killed", () =>
    Effect.gen(function* () {
      const museum = yield* visit("leaves-a-grandchild")
      const { Pid } = yield* museum.properties("its child")
      const error = yield* Effect.flip(museum.read("leave"))
      assert.include(error.message, "exited with code 5")
      yield* museum.next("Ready")
      yield* untilGone(Number(Pid))
      yield* museum.neighbourIsUnharmed
    }),
  )

  for (const exhibit of ["leaves-a-grandchild-in-another-group", "leaves-an-orphan"]) {
    it.live(`P2: and ${exhibit.replaceAll("-", " ")} is restarted, and what it has left is killed`, () =>
      Effect.gen(function* () {
        const museum = yield* visit(exhibit)
        const { Pid } = yield* museum.properties("its child")
        yield* museum.next("Ready")
        assert.include((yield* Effect.flip(museum.read("leave"))).message, "exited with code 5")
        assert.strictEqual((yield* museum.next("Ready")).generation, 2)
        yield* untilGone(Number(Pid))
        yield* museum.neighbourIsUnharmed
      }),
    )
  }

  it.live("P2: at each start is quarantined, and starts again when it is released", () =>
    Effect.gen(function* () {
      const museum = yield* visit("crashes-at-each-start", {
        ...hurried,
        restart: { ...hurried.restart, intensity: { restarts: 2, withinMillis: 60_000 } },
      })
      yield* Effect.result(museum.read("any"))
      const seen = yield* museum.eventsUntil(({ _tag }) => _tag === "Quarantined")
      assert.lengthOf(
        seen.filter(({ _tag }) => _tag === "Launched"),
        3,
      )
      const error = yield* Effect.flip(museum.read("any"))
      assert.strictEqual(error._tag, "PluginQuarantined")
      assert.include(error.message, "exited with code 1")
      assert.include(error.message, "It is not started again until it is released")
      yield* museum.neighbourIsUnharmed

      yield* museum.coordinator.release("crashes-at-each-start")
      yield* museum.next("Released")
      yield* Effect.result(museum.read("any"))
      assert.strictEqual((yield* museum.next("Launched")).generation, 4)
    }),
  )

  it.live("P2: on one operation has it set aside after the second crash, and serves all others", () =>
    Effect.gen(function* () {
      const museum = yield* visit("crashes-on-one-operation")
      const poison = freshOperationId()
      yield* museum.properties("wholesome")
      for (const time of ["first", "second"]) {
        const error = yield* Effect.flip(museum.read("poison", poison))
        assert.strictEqual(error._tag, "ConnectionLost", time)
      }
      assert.strictEqual((yield* museum.next("Poisoned")).operationId, poison)
      const error = yield* Effect.flip(museum.read("poison", poison))
      assert.strictEqual(error._tag, "OperationPoisoned")
      assert.include(error.message, "exited with code 9")
      yield* museum.properties("wholesome")
      yield* museum.neighbourIsUnharmed
    }),
  )
})
