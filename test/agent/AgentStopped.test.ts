/** Applies that are asked to stop, one after the other, while the provider works on a create. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, layerNotes, makeNotes } from "./notes.ts"

const forma = formaOfNotes({ a: { Text: "a" }, b: { Text: { $ref: "a.Digest" } } })

/** The errors of an apply that is asked to stop at its first event with this tag. */
const stoppedAt = Effect.fnUntraced(function* (tag: ChangeEvent["_tag"]) {
  const agent = yield* Agent
  const reached = yield* Deferred.make<void>()
  const apply = agent.apply(forma, {
    observe: (event) => (event._tag === tag ? Deferred.succeed(reached, undefined) : Effect.void),
    stopWhen: Deferred.await(reached),
  })
  const { resources, status } = yield* withPassingTime(apply)
  assert.strictEqual(status, "canceled")
  return resources.map(({ error, label }) => `${label} ${error?.code}: ${error?.message}`)
})

const underWay = "a LeftUnderWay: the provider is still working on it; the next command will resume it"
const notBegun = "b Canceled: not begun, because the command was asked to stop"

describe("an apply that is asked to stop", () => {
  it.effect("says which creates the provider is working on, also if an earlier apply has sent them", () => {
    const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
    return Effect.gen(function* () {
      assert.deepEqual(yield* stoppedAt("Progressed"), [underWay, notBegun])
      assert.deepEqual(yield* stoppedAt("Started"), [underWay, notBegun])
      yield* finish
      const agent = yield* Agent
      assert.strictEqual((yield* withPassingTime(agent.apply(forma))).status, "succeeded")
      assert.deepEqual(calls, ["create a", "create b"])
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})
