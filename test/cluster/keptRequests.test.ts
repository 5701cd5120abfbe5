/** What a cluster keeps of what it is asked for, and for how long. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { layerClusterRequests } from "../../src/cluster/ClusterRequests.ts"
import { FormaEntity } from "../../src/cluster/FormaEntity.ts"
import { FormaPlaces } from "../../src/cluster/FormaPlaces.ts"
import { RequestBodies } from "../../src/cluster/RequestBodies.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { caller, ended, makeTestCluster, requestsOf } from "./testRunners.ts"

const command: ApiCommand = {
  command: "apply",
  forma: JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: "a" } }))),
}

describe("a request", () => {
  it.effect("that is asked for again as its command ends is kept no longer than that", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { calls, finish, plugin } = makeNotes({ accepts: () => true })
          const { context } = yield* (yield* makeTestCluster).join("one", [plugin])
          const bodies = Context.get(context, RequestBodies)
          const requests = requestsOf({ context })

          // It has looked for the key, and stands still before it looks for the body.
          const goesOn = Latch.makeUnsafe()
          let stands = false
          const find: typeof bodies.find = (key) =>
            Effect.andThen(
              Effect.suspend(() => {
                stands = true
                return goesOn.await
              }),
              bodies.find(key),
            )
          const slow = yield* Layer.build(Layer.fresh(layerClusterRequests)).pipe(
            Effect.provideContext(Context.add(context, RequestBodies, { ...bodies, find })),
          )

          yield* requests.ask("key-1", command, caller)
          const again = yield* Effect.forkChild(Context.get(slow, CommandRequests).ask("key-1", command, caller))
          yield* Effect.repeat(Effect.yieldNow, { until: () => stands })
          yield* finish
          const record = yield* ended(requests, "key-1")
          yield* Effect.repeat(Effect.delay(bodies.find("key-1"), "1 second"), { until: (kept) => kept === undefined })
          yield* goesOn.open

          assert.deepEqual(yield* Fiber.join(again), record)
          assert.isUndefined(yield* bodies.find("key-1"))
          assert.deepEqual(calls, ["create a"])
        }),
      ),
    ),
  )

  it.effect("that has ended is not kept by a runner that was gone before it could remove it", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { context } = yield* (yield* makeTestCluster).join("one", [makeNotes().plugin])
          const bodies = Context.get(context, RequestBodies)
          const requests = requestsOf({ context })
          yield* requests.ask("key-1", command, caller)
          yield* ended(requests, "key-1")
          yield* Effect.repeat(Effect.delay(bodies.find("key-1"), "1 second"), { until: (kept) => kept === undefined })
          for (const key of ["key-1", "key-2"])
            yield* bodies.keep({ key, entity: "notes", askedBy: "somebody" }, command)

          assert.strictEqual(yield* bodies.prune, 1)
          assert.isUndefined(yield* bodies.find("key-1"))
          assert.isDefined(yield* bodies.find("key-2"))
        }),
      ),
    ),
  )

  it.effect("that was canceled, and is asked for again, is refused and not kept", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { calls, plugin } = makeNotes()
          const { context } = yield* (yield* makeTestCluster).join("one", [plugin])
          const keys = Context.get(context, RequestKeys)
          const canceled = { key: "key-1", command: "apply", commandId: "c-1", askedBy: "somebody", askedAt: 0 }
          yield* keys.keep(canceled, command)
          yield* keys.cancel("key-1")

          const refused = yield* Effect.flip(requestsOf({ context }).ask("key-1", command, caller))
          assert.deepInclude(refused, { _tag: "Refused", code: "CommandCanceled" })
          assert.isUndefined(yield* Context.get(context, RequestBodies).find("key-1"))
          assert.deepEqual(calls, [])
        }),
      ),
    ),
  )

  it.effect("that was canceled before its runner was gone, or whose row is damaged, waits for nobody", () =>
    withPassingTime(
      Effect.scoped(
        Effect.gen(function* () {
          const { calls, plugin } = makeNotes()
          const cluster = yield* makeTestCluster
          const sql = Context.get(cluster.shared, SqlClient)
          const { context } = yield* cluster.join("one", [plugin])
          const [bodies, keys] = [Context.get(context, RequestBodies), Context.get(context, RequestKeys)]
          const entity = yield* Context.get(context, FormaPlaces).entityOf(command)
          const client = yield* Effect.provideContext(FormaEntity.client, context)
          yield* keys.keep({ key: "key-1", command: "apply", commandId: "c-1", askedBy: "a", askedAt: 0 }, command)
          yield* keys.cancel("key-1")
          for (const key of ["key-1", "key-2"]) yield* bodies.keep({ key, entity, askedBy: "a" }, command)
          yield* sql`UPDATE request_bodies SET body = 'x' WHERE request = 'key-2'`

          for (const key of ["key-1", "key-2"]) yield* Effect.timeout(client(entity).Run({ key }), "1 minute")
          assert.isUndefined(yield* bodies.find("key-1"))
          const refused = yield* Effect.flip(client(entity).Begin({ key: "key-2" }))
          assert.deepInclude(refused, { _tag: "Refused", code: "RequestDamaged" })
          assert.deepEqual(calls, [])
        }),
      ),
    ),
  )
})
