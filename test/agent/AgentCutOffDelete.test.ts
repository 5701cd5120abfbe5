import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { Agent } from "../../src/agent/Agent.ts"
import { formaOfNotes, layerNotes, makeNotes } from "./notes.ts"

describe("a delete that was cut off", () => {
  it.effect("was not done outside of formae: a plan says that it is open, and asks for no drift", () =>
    Effect.gen(function* () {
      const deleted = yield* Deferred.make<void>()
      const { notes, plugin } = makeNotes({
        afterDelete: Effect.andThen(Deferred.succeed(deleted, undefined), Effect.never),
      })
      yield* Effect.gen(function* () {
        const agent = yield* Agent
        const forma = formaOfNotes({ cut: { Text: "a" }, gone: { Text: "b" } })
        const asking = { ...forma, resources: forma.resources.map((one) => ({ ...one, drift: "ask" as const })) }
        yield* agent.apply(asking)
        const apply = yield* Effect.forkChild(
          agent.apply({ ...asking, resources: asking.resources.filter(({ label }) => label === "gone") }),
        )
        yield* Deferred.await(deleted)
        yield* Fiber.interrupt(apply)
        notes.clear()
        assert.deepEqual(
          (yield* agent.plan(asking)).resources.map(
            ({ asksDrift, deletedOutside, label, openOperation, operation }) => [
              label,
              operation,
              openOperation?.kind,
              deletedOutside,
              asksDrift,
            ],
          ),
          [
            ["cut", "create", "Delete", undefined, undefined],
            ["gone", "create", undefined, true, []],
          ],
        )
      }).pipe(Effect.provide(layerNotes(plugin)))
    }),
  )
})
