/** What is told of changes when the state cannot be written any more while they are made. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ConnectionError, SqlError } from "effect/sql/SqlError"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { HandOver } from "../../../src/agent/operations/StopRequests.ts"
import { StateTaken } from "../../../src/agent/records/StateTaken.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { layerTestStore } from "../../../src/testing/TestStore.ts"
import { formaOfNotes, makeNotes } from "../notes.ts"

const away = new SqlError({
  reason: new ConnectionError({ cause: new Error("cut"), message: "cut", operation: "write" }),
})

const leaseOver = new StateTaken({ leaseEnded: true })

/** Fails to write anything of the resource `lost`. */
const layerCut = (error: SqlError | StateTaken) =>
  Layer.effect(
    ResourceUpdater,
    Effect.map(ResourceUpdater, (updater) =>
      ResourceUpdater.of({
        ...updater,
        run: (request) =>
          "change" in request && request.change.label === "lost" ? Effect.fail(error) : updater.run(request),
      }),
    ),
  ).pipe(Layer.provide(ResourceUpdater.layerNoDeps))

const layerOf = (error: SqlError | StateTaken) =>
  Agent.layerNoDeps.pipe(
    Layer.provide(layerCut(error)),
    Layer.provideMerge(Agent.layerRecords),
    Layer.provide([PluginCoordinator.layerInProcess([makeNotes().plugin]), layerTestStore]),
  )

/** How the changes ended, as they are told. */
const endsOfApply = (lost: SqlError | StateTaken) =>
  Effect.gen(function* () {
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
    assert.strictEqual(error, lost)
    return told
  }).pipe(Effect.provide(Layer.fresh(layerOf(lost))))

describe("changes that cannot be recorded", () => {
  it.effect("are told as failed by an agent of its own, which goes on with them only when it is asked to", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* endsOfApply(away), ["first succeeded", "lost failed", "after failed"])
    }),
  )

  it.effect.each([
    ["its database is away", away],
    ["its lease is over", leaseOver],
  ] as const)(
    "are left in a cluster to the next holder of the command, which tells once how they end: %s",
    ([, lost]) =>
      Effect.gen(function* () {
        const over = yield* Deferred.make<void>()
        assert.deepEqual(yield* Effect.provideService(endsOfApply(lost), HandOver, over), ["first succeeded"])
      }),
  )
})
