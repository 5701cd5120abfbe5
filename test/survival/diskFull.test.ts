import { assert, describe, it } from "@effect/vitest"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as SqlClient from "effect/sql/SqlClient"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { WaitsForRoom } from "../../src/agent/store/DiskRoom.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { checkInvariants, cloudResources, inventoryRows } from "./invariants.ts"
import { changesOf, formaOf, type Resources, shop } from "../agent/shop.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"

/** Long values, so that the file grows with each write. */
const large: Resources = {
  ...shop,
  note: ["FakeAWS::SecretsManager::Secret", { Name: "note", SecretString: "x", Description: "y".repeat(9_000) }],
  more: ["FakeAWS::S3::Bucket", { BucketName: "more", Tags: [{ Key: "long", Value: "z".repeat(9_000) }] }],
}

const layerOf = (file: string) =>
  Agent.layer.pipe(
    Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
    Layer.provideMerge(Store.layerFile(file)),
    Layer.provide(NodeServices.layer),
  )

/** Lets the file grow by this many pages at most. After that, SQLite reports a full disk. */
const leaveSpace = (pages: number) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const [[used] = []] = yield* sql`PRAGMA page_count`.values
    yield* sql.unsafe(`PRAGMA max_page_count = ${Number(used) + pages}`)
  })

/** Settles what needs attention, as a human does after a look at the cloud. */
const settle = Effect.fnUntraced(function* (cloud: string, state: string, { resources }: CommandResult) {
  const agent = yield* Agent
  const open = resources.filter(({ error }) => error?.code === "NeedsAttention")
  for (const { label, type } of open) {
    assert.strictEqual(type, "FakeAWS::Legacy::Widget", `${label} can be decided without a human`)
    const known = new Set(inventoryRows(state).map(({ native_id }) => native_id))
    const made = cloudResources(cloud).find((one) => one.type === type && !known.has(one.native_id))
    if (made === undefined) yield* agent.forget({ label })
    else yield* agent.adopt({ label }, NativeId.make(made.native_id))
  }
  return open.length
})

describe("a disk that is full", () => {
  it.live(
    "fails an apply with a remedy at whichever write it comes, and once there is space nothing is lost or created twice",
    () =>
      Effect.gen(function* () {
        let failures = 0
        // From no space at all to space for everything, so that each time another write fails.
        for (let pages = 0; ; pages += 2) {
          const folder = yield* temporaryFolder
          const [cloud, state] = [join(folder, "cloud.db"), join(folder, "state.db")]
          const forma = formaOf("shop", { cloud, region: "eu-west-1", settleMillis: pages % 4 === 0 ? 0 : 10 }, large)
          const outcome = yield* Effect.gen(function* () {
            const agent = yield* Agent
            yield* leaveSpace(pages)
            const first = yield* Effect.result(agent.apply(forma))
            yield* leaveSpace(1_000_000)
            if (first._tag === "Failure") {
              assert.strictEqual(first.failure._tag, "SqlError")
              assert.strictEqual(
                first.failure.message,
                `The state file ${state} cannot be used: the disk is full. Free some space on the disk of ${state}, and run the same command again: it continues from what is recorded`,
              )
            }
            const resumed = yield* pages % 8 < 4 ? agent.apply(forma) : agent.resume()
            yield* settle(cloud, state, resumed)
            yield* agent.apply(forma)
            assert.deepEqual(changesOf(yield* agent.apply(forma)), [], "nothing is left to do")
            return first
          }).pipe(Effect.provide(layerOf(state)))
          checkInvariants(cloud, state)
          assert.lengthOf(cloudResources(cloud), Object.keys(large).length, "each resource exists once")
          if (outcome._tag === "Success" && outcome.success.status === "succeeded") break
          failures += 1
        }

        assert.isAbove(failures, 5)
      }),
    120_000,
  )

  it.live(
    "makes an agent that stays wait with what is under way and refuse what is new, until there is space",
    () =>
      Effect.gen(function* () {
        let waited = 0
        // From space for nothing: by then not even a command can begin. Then each time another write waits.
        for (let pages = 0; ; pages += 4) {
          const folder = yield* temporaryFolder
          const [cloud, state] = [join(folder, "cloud.db"), join(folder, "state.db")]
          const config = { cloud, region: "eu-west-1", settleMillis: 0 }
          const full = yield* Deferred.make<void>()
          const logger = Logger.make(({ message }) => {
            if (String(message).startsWith("The disk of the state is full")) Deferred.doneUnsafe(full, Effect.void)
          })
          const outcome = yield* Effect.gen(function* () {
            const agent = yield* Agent
            yield* leaveSpace(pages)
            const apply = yield* Effect.forkChild(Effect.result(agent.apply(formaOf("shop", config, large))))
            yield* Effect.raceFirst(Deferred.await(full), Fiber.await(apply))
            const isWaiting = apply.pollUnsafe() === undefined
            if (isWaiting) {
              const refused = yield* Effect.flip(agent.apply(formaOf("other", config, { alone: shop["alone"]! })))
              assert.include(refused.message, "the disk is full. Free some space")
            }
            yield* leaveSpace(1_000_000)
            const ended = yield* Fiber.join(apply)
            if (isWaiting) {
              assert.deepInclude(ended, { _tag: "Success" })
              assert.deepEqual(
                changesOf(yield* agent.apply(formaOf("shop", config, large))),
                [],
                "nothing is left to do",
              )
              checkInvariants(cloud, state)
              assert.lengthOf(cloudResources(cloud), Object.keys(large).length, "each resource exists once")
            }
            return { isWaiting, ended }
          }).pipe(
            Effect.provide(
              layerOf(state).pipe(
                Layer.provide(Layer.mergeAll(Layer.succeed(WaitsForRoom, true), Logger.layer([logger]))),
                Layer.provideMerge(Logger.layer([logger])),
              ),
            ),
          )
          if (outcome.isWaiting) waited += 1
          else if (outcome.ended._tag === "Success") break
        }
        assert.isAbove(waited, 2)
      }),
    120_000,
  )
})
