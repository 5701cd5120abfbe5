/** What is told of changes when the server of the state is lost while they are made. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { HandOver } from "../../../src/agent/operations/StopRequests.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { formaOfNotes, makeNotes } from "../notes.ts"

const away = new SqlError({
  reason: new ConnectionError({ cause: new Error("cut"), message: "cut", operation: "write" }),
})

/** Writes nothing of the resource `lost`. */
const layerCut = Layer.effect(
  ResourceUpdater,
  Effect.map(ResourceUpdater, (updater) =>
    ResourceUpdater.of({
      ...updater,
      run: (request) =>
        "change" in request && request.change.label === "lost" ? Effect.fail(away) : updater.run(request),
    }),
  ),
).pipe(Layer.provide(ResourceUpdater.layerNoDeps))

const layer = Agent.layerNoDeps.pipe(
  Layer.provide(layerCut),
  Layer.provideMerge(Agent.layerRecords),
  Layer.provide([PluginCoordinator.layerInProcess([makeNotes().plugin]), layerTestStore]),
)

/** How the changes ended, as they are told. */
const endsOfApply = Effect.gen(function* () {
  const told: Array<string> = []
  const observe = (event: ChangeEvent) =>
    Effect.sync(() => {
      if (event._tag === "Finished") told.push(`${event.result.label} ${event.result.status}`)
    })
  const forma = formaOfNotes({
    first: { Text: "1" },
    lost: { Text: { $ref: "first.Digest" } },
    after: { Text: { $ref: "lost.Digest" } },
  })
  const error = yield* Effect.flip((yield* Agent).apply(forma, { observe }))
  assert.strictEqual(error._tag, "SqlError")
  return told
}).pipe(Effect.provide(Layer.fresh(layer)))

describe("changes that cannot be recorded, because the server of the state is away", () => {
  it.effect("are told as failed by an agent of its own, which goes on with them only when it is asked to", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* endsOfApply, ["first succeeded", "lost failed", "after failed"])
    }),
  )

  it.effect("are left in a cluster to the next holder of the command, which tells once how they end", () =>
    Effect.gen(function* () {
      const over = yield* Deferred.make<void>()
      assert.deepEqual(yield* Effect.provideService(endsOfApply, HandOver, over), ["first succeeded"])
    }),
  )
})
