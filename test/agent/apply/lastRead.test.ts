/** An update carries what the agent has read before it, for a type that makes use of it. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Agent } from "../../../src/agent/Agent.ts"
import { formaOfNotes, layerNotes, makeNotes } from "../notes.ts"

const applyTwice = Effect.gen(function* () {
  const agent = yield* Agent
  yield* agent.apply(formaOfNotes({ it: { Text: "old", Secret: "not a real secret" } }))
  yield* agent.apply(formaOfNotes({ it: { Text: "new", Secret: "not a real secret" } }))
})

describe("an update", () => {
  it.effect("carries all that was last read, outputs too, and no secret", () => {
    const provider = makeNotes()
    return Effect.gen(function* () {
      yield* applyTwice
      assert.deepStrictEqual(provider.lastReads, [{ Text: "old", Digest: "digest of old" }])
    }).pipe(Effect.provide(layerNotes(provider.plugin)))
  })

  it.effect("keeps the secret that it has not carried, for what refers to it", () => {
    const provider = makeNotes({ answersFromLastRead: true })
    const forma = (Text: string) =>
      formaOfNotes({
        first: { Text, Secret: "not a real secret" },
        second: { Text: { $ref: "first.Digest" }, Secret: { $ref: "first.Secret" } },
      })
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(forma("old"))
      const { resources } = yield* agent.apply(forma("new"))
      assert.deepStrictEqual(
        resources.map(({ error, operation }) => [operation, error]),
        [
          ["update", null],
          ["update", null],
        ],
      )
      assert.deepStrictEqual(provider.notes.get("note-2"), { Text: "digest of new", Secret: "not a real secret" })
    }).pipe(Effect.provide(layerNotes(provider.plugin)))
  })

  it.effect("carries nothing that its plugin has not announced", () => {
    const provider = makeNotes()
    const { features = [], ...plugin } = provider.plugin
    const older = { ...plugin, features: features.filter((feature) => feature !== "lastRead") }
    return Effect.gen(function* () {
      yield* applyTwice
      assert.deepStrictEqual(provider.lastReads, [undefined])
    }).pipe(Effect.provide(layerNotes(older)))
  })
})
