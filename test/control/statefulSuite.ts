/** What an agent says of its state and of what happens, in one process and over its API. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Agent } from "../../src/agent/Agent.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { outcomes } from "../agent/shop.ts"
import type { LayerOf } from "./agentSuite.ts"

const canary = "canary-5f0e"

/** Runs the suite. */
export const statefulSuite = (name: string, layerOf: LayerOf) => {
  const withNotes = <A, E>(use: Effect.Effect<A, E, Agent | Scope.Scope>) => {
    const notes = makeNotes()
    return Effect.provide(use, layerOf([notes.plugin]))
  }

  describe(`the state of an agent ${name}`, () => {
    it.effect("is shown, and a resource gets another label in it", () =>
      withNotes(
        Effect.gen(function* () {
          const agent = yield* Agent
          yield* agent.apply(formaOfNotes({ a: { Text: "a", Secret: canary } }))
          const report = yield* agent.show({ label: "a", forma: "notes" })
          assert.deepInclude(report, {
            forma: "notes",
            label: "a",
            nativeId: NativeId.make("note-1"),
            secrets: ["Secret"],
          })
          assert.deepEqual(
            report.history.map(({ kind, status }) => `${kind} ${status}`),
            ["Create Succeeded"],
          )
          const moved = yield* agent.move({ label: "a" }, "b")
          assert.deepEqual(
            moved.resources.map(({ label, movedFrom }) => [movedFrom, label]),
            [["a", "b"]],
          )
          const refused = yield* Effect.flip(agent.move({ label: "b" }, "b"))
          assert.strictEqual(refused._tag, "MoveRefused")
          const unknown = yield* Effect.flip(agent.move({ label: "c" }, "d"))
          assert.strictEqual(unknown._tag, "ResourceNotFound")
          assert.notInclude(JSON.stringify([report, moved]), canary)
          const { notes, resources } = yield* agent.inventoryStream
          assert.deepEqual(notes, [])
          assert.deepEqual(
            (yield* Stream.runCollect(resources)).map(({ label }) => label),
            ["b"],
          )
        }),
      ),
    )

    it.effect("has outputs, whose secrets are given only where they are asked for", () =>
      withNotes(
        Effect.gen(function* () {
          const agent = yield* Agent
          const forma = {
            ...formaOfNotes({ a: { Text: "a" } }),
            outputs: { digest: { $ref: "a.Digest" }, password: { $secret: canary } },
          }
          const planned = yield* agent.plan(forma)
          assert.lengthOf(planned.outputChanges ?? [], 2)
          const applied = yield* agent.apply(forma)
          assert.deepEqual(applied.outputs, { digest: { value: "digest of a" }, password: { secret: true } })
          assert.notInclude(JSON.stringify([planned, applied, yield* agent.outputs()]), canary)
          const given = yield* agent.outputs({ name: "notes.password", withSecret: true })
          assert.deepEqual(given.outputs, { "notes.password": { value: canary } })
          const unknown = yield* Effect.flip(agent.outputs({ name: "notes.passwort" }))
          assert.include(unknown.message, "notes.password")
        }),
      ),
    )

    it.effect("is compared with what a plan has shown", () =>
      withNotes(
        Effect.gen(function* () {
          const agent = yield* Agent
          const noted = { ...formaOfNotes({ a: { Text: "a" } }), outputs: { digest: { $ref: "a.Digest" } } }
          const { outputChanges = [], resources } = yield* agent.plan(noted)
          const shown = { expected: resources, expectedOutputs: outputChanges }
          const renamed = yield* Effect.flip(agent.apply({ ...noted, outputs: { sum: noted.outputs.digest } }, shown))
          assert.strictEqual(renamed._tag, "PlanOutdated")
          assert.include(renamed.message, "output sum: its change is not as the plan shows it")
          assert.include(renamed.message, "output digest: its change is not as the plan shows it")
          const other = formaOfNotes({ a: { Text: "a" }, b: { Text: "b" } })
          const outdated = yield* Effect.flip(agent.apply(other, { expected: resources }))
          assert.strictEqual(outdated._tag, "PlanOutdated")
          const done = yield* agent.apply(noted, shown)
          assert.deepEqual(outcomes(done), ["a create"])
          const limited = yield* agent.apply(other, { only: ["b"] })
          assert.deepEqual(limited.only?.labels, ["b"])
          const refused = yield* Effect.flip(agent.apply(other, { only: ["c"] }))
          assert.strictEqual(refused._tag, "OnlyRefused")
        }),
      ),
    )

    it.effect("is read beside what is wanted", () => {
      const { notes, plugin } = makeNotes()
      return Effect.gen(function* () {
        const agent = yield* Agent
        yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))
        assert.deepInclude(yield* agent.sync(), { command: "sync", read: 1, resources: [] })
        notes.set("note-1", { ...notes.get("note-1")!, Text: "changed" })
        const synced = yield* agent.sync({ forma: "notes", labels: ["a"] })
        assert.deepEqual(
          synced.resources[0]?.drift?.places.map(({ path }) => path),
          ["/Text"],
        )
        assert.deepEqual((yield* agent.drift()).resources[0]?.drift, synced.resources[0]?.drift)
      }).pipe(Effect.provide(layerOf([plugin])))
    })

    it.effect("and what happens are told to all who follow, in the order in which it happens", () =>
      withNotes(
        Effect.gen(function* () {
          const agent = yield* Agent
          const events = yield* agent.events
          const forma = formaOfNotes({ a: { Text: "a" } })
          const streamed = yield* Stream.runCollect(agent.applyStream(forma))
          const tags = streamed.map(({ _tag }) => _tag)
          assert.deepEqual(tags, ["Began", "Planned", "Started", "Finished", "CommandFinished"])
          const seen = yield* Queue.takeBetween(events, 4, 4)
          assert.deepEqual<unknown>(seen, streamed.slice(0, 4))
        }),
      ),
    )

    it.effect("does not wait for an observer that throws, and loses nothing to one that is slow", () =>
      withNotes(
        Effect.gen(function* () {
          const agent = yield* Agent
          const forma = formaOfNotes({ a: { Text: "a" } })
          const thrown = yield* agent.apply(forma, { observe: () => Effect.die("an observer's own mistake") })
          assert.strictEqual(thrown.status, "succeeded")
          const seen: Array<string> = []
          yield* agent.destroy("notes", {
            observe: ({ _tag }) =>
              Effect.andThen(
                Effect.yieldNow,
                Effect.sync(() => void seen.push(_tag)),
              ),
          })
          assert.deepEqual(seen, ["Began", "Planned", "Started", "Finished"])
        }),
      ),
    )
  })
}
