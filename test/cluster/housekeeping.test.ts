/** What one runner of a cluster does for all of them, and what becomes of it when that one is gone. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { layerDriftWatch, layerFreeing } from "../../src/cluster/housekeeping.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { expirationMillis, makeTestCluster } from "./testRunners.ts"

const agentOf = ({ context }: { readonly context: Context.Context<Agent> }) => Context.get(context, Agent)

/** Imports one note into a document of its own. */
const importing = (agent: Agent["Service"], label: string) => {
  const forma = { ...formaOfNotes({ [label]: { Text: label } }), name: `notes-${label}` }
  const [{ target, type }] = forma.resources as [(typeof forma.resources)[number]]
  return agent.import(forma, [{ label, target, type, nativeId: NativeId.make(`note-${label}`) }])
}

describe("a runner that was silent for longer than its lease in the middle of an import", () => {
  it.effect("keeps no other one waiting, writes nothing more of it, and works on when it is back", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const goesOn = Latch.makeUnsafe()
          const [slow, quick] = [makeNotes({ beforeRead: goesOn.await }), makeNotes()]
          for (const { notes } of [slow, quick]) {
            for (const Text of ["a", "b"]) notes.set(`note-${Text}`, { Text, Digest: "" })
          }
          const cluster = yield* makeTestCluster
          const one = yield* cluster.join("one", [slow.plugin], ["Notes"], layerFreeing)
          const two = yield* cluster.join("two", [quick.plugin], ["Notes"], layerFreeing)
          const imported = yield* Effect.forkChild(Effect.exit(importing(agentOf(one), "a")))
          yield* Effect.repeat(Effect.yieldNow, { until: () => slow.reads.length === 1 })
          // It is not taken for gone, however long it takes.
          const waiting = yield* Effect.forkChild(importing(agentOf(two), "b"))
          yield* Effect.sleep(3 * expirationMillis)
          assert.isUndefined(waiting.pollUnsafe())
          yield* one.link.cut
          assert.strictEqual((yield* Fiber.join(waiting)).status, "succeeded")

          yield* one.link.restore
          yield* goesOn.open
          assert.include(String(yield* Fiber.join(imported)), "silent for so long that it was taken for gone")
          const inventory = Context.get(one.context, Inventory)
          assert.deepEqual(yield* inventory.list("notes-a"), [])
          assert.strictEqual((yield* importing(agentOf(one), "a")).status, "succeeded")
          assert.lengthOf(yield* inventory.list("notes-a"), 1)
        }),
      ),
    ),
  )
})

describe("the look for drift of a cluster", () => {
  it.effect("is made by one runner alone, and by the other one once that is killed", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const cluster = yield* makeTestCluster
          const join = Effect.fnUntraced(function* (host: string) {
            const notes = makeNotes()
            const runner = yield* cluster.join(host, [notes.plugin], ["Notes"], layerDriftWatch(10_000))
            return { ...runner, ...notes }
          })
          const one = yield* join("one")
          yield* agentOf(one).apply(formaOfNotes({ a: { Text: "a" } }))
          const two = yield* join("two")
          for (const [id, note] of one.notes) two.notes.set(id, note)
          one.reads.splice(0)

          yield* Effect.sleep("1 minute")
          const [looks, other] = one.reads.length > 0 ? [one, two] : [two, one]
          assert.deepEqual(other.reads, [])
          assert.isAtLeast(looks.reads.length, 3)
          assert.isAtMost(looks.reads.length, 7)
          yield* looks.kill
          const before = looks.reads.length
          yield* Effect.sleep("1 minute")
          assert.strictEqual(looks.reads.length, before)
          assert.isAtLeast(other.reads.length, 2)
          assert.isAtMost(other.reads.length, 7)
        }),
      ),
      "1 second",
    ),
  )
})
