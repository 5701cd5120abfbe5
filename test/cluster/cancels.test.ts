/** A command of a cluster that is canceled, wherever that is asked for. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Agent } from "../../src/agent/Agent.ts"
import { FormaPlaces } from "../../src/cluster/FormaPlaces.ts"
import { RequestBodies } from "../../src/cluster/RequestBodies.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { caller, ended, makeTestCluster, requestsOf } from "./testRunners.ts"

/** Two resources, one after the other. */
const command: ApiCommand = {
  command: "apply",
  forma: JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: "a" }, b: { Text: { $ref: "a.Digest" } } }))),
}

const inTime = <A, E>(test: Effect.Effect<A, E, Scope.Scope>) => withPassingTime(Effect.scoped(test))

/** A command that has begun on the runner that may host it, and another runner. */
const begun = Effect.gen(function* () {
  const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
  const cluster = yield* makeTestCluster
  const host = yield* cluster.join("host", [plugin])
  const other = yield* cluster.join("other", [plugin], ["Others"])
  yield* requestsOf(other).ask("key-1", command, caller)
  yield* Effect.repeat(Effect.yieldNow, { until: () => calls.length === 1 })
  return { calls, finish, host, other }
})

describe("a command of a cluster", () => {
  it.effect("is canceled by its id on any runner, as it is listed there", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, finish, other } = yield* begun
        const [listed] = (yield* Context.get(other.context, Agent).commands()).commands
        assert.strictEqual(listed?.status, "running")
        assert.isTrue(yield* requestsOf(other).cancel(listed?.commandId ?? "", "stop"))
        yield* finish
        const { result } = yield* ended(requestsOf(other), "key-1")
        assert.strictEqual(result?.status, "canceled")
        assert.deepEqual(calls, ["create a"])
        assert.isFalse(yield* requestsOf(other).cancel(listed?.commandId ?? "", "stop"))
      }),
    ),
  )

  it.effect("is listed and canceled on any runner also while it waits for its turn", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, finish, other } = yield* begun
        yield* requestsOf(other).ask("key-2", command, caller)
        const listed = Effect.map(Context.get(other.context, Agent).commands(), ({ commands }) =>
          commands.map(({ commandId, forma, status }) => ({ commandId, forma, status })),
        )
        const [waits, runs] = yield* Effect.repeat(Effect.delay(listed, "100 millis"), {
          until: (all) => all.length === 2,
        })
        assert.deepInclude(waits, { forma: "notes", status: "waiting" })
        assert.deepInclude(runs, { forma: "notes", status: "running" })
        assert.isTrue(yield* requestsOf(other).cancel(waits?.commandId ?? "", "stop"))
        yield* ended(requestsOf(other), "key-2")
        assert.lengthOf(yield* listed, 1)
        yield* finish
        assert.strictEqual((yield* ended(requestsOf(other), "key-1")).result?.status, "succeeded")
        assert.deepEqual(calls, ["create a", "create b"])
      }),
    ),
  )

  it.effect("is canceled on the runner that has taken it over and has not begun with it yet", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, plugin } = makeNotes()
        const one = yield* (yield* makeTestCluster).join("one", [plugin])
        const entity = yield* Context.get(one.context, FormaPlaces).entityOf(command)
        // Its message does not come.
        yield* Context.get(one.context, RequestBodies).keep({ key: "key-1", entity, askedBy: "somebody" }, command)
        assert.isTrue(yield* requestsOf(one).cancel("key-1", "stop"))
        const { result } = yield* ended(requestsOf(one), "key-1")
        assert.strictEqual(result?.status, "canceled")
        assert.notInclude(calls, "create b")
      }),
    ),
  )

  it.effect("is not said to have ended where no runner that has it can be asked", () =>
    inTime(
      Effect.gen(function* () {
        const { host, other } = yield* begun
        yield* host.kill
        const error = yield* Effect.flip(requestsOf(other).cancel("key-1", "stop"))
        assert.deepInclude(error, { _tag: "Unavailable", code: "NoRunner" })
      }),
    ),
  )
})
