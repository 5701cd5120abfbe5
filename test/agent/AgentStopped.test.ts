/** Applies that are asked to stop, one after the other, while the provider works on a create. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { Agent } from "../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, layerNotes, makeNotes } from "./notes.ts"

const forma = formaOfNotes({ a: { Text: "a" }, b: { Text: { $ref: "a.Digest" } } })

const describeResults = ({ resources, status }: CommandResult) => {
  assert.strictEqual(status, "canceled")
  return resources.map(({ error, label, operation }) => `${operation} ${label} ${error?.code}: ${error?.message}`)
}

/** The results of an apply that is asked to stop at its first event with this tag. */
const stoppedAt = Effect.fnUntraced(function* (tag: ChangeEvent["_tag"]) {
  const agent = yield* Agent
  const reached = yield* Deferred.make<void>()
  const apply = agent.apply(forma, {
    observe: (event) => (event._tag === tag ? Deferred.succeed(reached, undefined) : Effect.void),
    stopWhen: Deferred.await(reached),
  })
  return describeResults(yield* withPassingTime(apply))
})

const underWay = "create a LeftUnderWay: the provider is still working on it; the next command will resume it"
const notBegun = "create b Canceled: not begun, because the command was asked to stop"
const stopAtOnce = { stopWhen: Effect.void }

describe("an apply that is asked to stop", () => {
  it.effect("says which creates the provider is working on, also if an earlier apply has sent them", () => {
    const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
    return Effect.gen(function* () {
      assert.deepEqual(yield* stoppedAt("Progressed"), [underWay, notBegun])
      assert.deepEqual(yield* stoppedAt("Started"), [underWay, notBegun])
      const agent = yield* Agent
      assert.deepEqual(describeResults(yield* withPassingTime(agent.apply(forma, stopAtOnce))), [underWay, notBegun])
      yield* finish
      assert.strictEqual((yield* withPassingTime(agent.apply(forma))).status, "succeeded")
      assert.deepEqual(calls, ["create a", "create b"])
    }).pipe(Effect.provide(layerNotes(plugin)))
  })

  it.effect("names the operation that it leaves under way", () => {
    const { plugin } = makeNotes({ accepts: (label) => label === "a" })
    return Effect.gen(function* () {
      const agent = yield* Agent
      const reached = yield* Deferred.make<void>()
      const { resources } = yield* withPassingTime(
        agent.apply(forma, {
          observe: ({ _tag }) => (_tag === "Progressed" ? Deferred.succeed(reached, undefined) : Effect.void),
          stopWhen: Deferred.await(reached),
        }),
      )
      const left = { kind: "Create", forma: "notes", label: "a" } as const
      assert.deepInclude(resources[0]?.error?.openOperation, left)
      const again = yield* withPassingTime(agent.apply(forma, stopAtOnce))
      assert.deepInclude(again.resources[0]?.error?.openOperation, left)
      assert.isUndefined(again.resources[1]?.error?.openOperation)
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})

describe("another command that is asked to stop before its first step", () => {
  it.effect("says that the provider is working on the create of an earlier one", () => {
    const { calls, plugin } = makeNotes({ accepts: (label) => label === "a" })
    return Effect.gen(function* () {
      yield* stoppedAt("Progressed")
      const agent = yield* Agent
      assert.deepEqual(describeResults(yield* withPassingTime(agent.resume(stopAtOnce))), [underWay, notBegun])
      // The deletion of it was not begun, but that is not what there is to know.
      assert.deepEqual(describeResults(yield* withPassingTime(agent.destroy("notes", stopAtOnce))), [underWay])
      assert.deepEqual(calls, ["create a"])
    }).pipe(Effect.provide(layerNotes(plugin)))
  })
})
