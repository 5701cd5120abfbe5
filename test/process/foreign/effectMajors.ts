/** P9: two major versions of Effect, which npm refuses to install together, in one apply. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Agent, PluginCoordinator, readForma, Store } from "../../../src/agent/index.ts"
import { npm, quietly, root } from "../npm.ts"

/** A note on the board names the VPC, and a bucket has the name of the poster of that note. */
const formaIn = (folder: string) => `
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ${join(folder, "cloud.db")}, region: us-east-1 } }
  wall: { namespace: Board, config: { board: ${join(folder, "board")} } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: note, type: Board::Wall::Note, target: wall, properties: { Name: net, Text: { $ref: net.VpcId } } }
  - { label: poster, type: Board::Wall::Poster, target: wall, properties: { Title: { $ref: note.NoteId } } }
  - { label: bucket, type: FakeAWS::S3::Bucket, target: cloud, properties: { BucketName: { $ref: poster.PosterId } } }
`

/** The plugin on Effect 3 is installed in a folder of `folder`. */
export const testEffectMajors = (folder: string, plugin: () => string) =>
  describe("P9: Effect 3 beside Effect 4", () => {
    it("cannot be installed together", async () => {
      const together = join(folder, "together")
      const dependencies = { effect: "4.1.0", "@effect/rpc": "0.76.2" }
      await mkdir(together)
      await writeFile(join(together, "package.json"), JSON.stringify({ private: true, dependencies }))
      const refused = await npm(together, "install", ...quietly).then(
        () => "installed",
        (error: Error) => error.message,
      )
      assert.include(refused, "ERESOLVE")
      assert.match(refused, /peer effect@"\^3/)
    }, 180_000)

    it.live(
      "work together in one apply, with references both ways",
      () =>
        Effect.gen(function* () {
          const layer = Agent.layer.pipe(
            Layer.provide([
              PluginCoordinator.layerProcesses([plugin(), join(root, "plugins", "fake-aws")]),
              Store.layerFile(join(folder, "state.db")),
            ]),
            Layer.provide(NodeServices.layer),
          )
          yield* Effect.gen(function* () {
            const agent = yield* Agent
            const read = yield* readForma(formaIn(folder), "majors")
            const outcome = Effect.map(agent.apply(read.forma), ({ resources, status }) => ({
              status,
              resources: resources.map(({ label, nativeId, operation }) => ({ label, nativeId, operation })),
            }))
            const first = yield* outcome
            assert.strictEqual(first.status, "succeeded")
            assert.deepEqual(
              first.resources.map(({ label, operation }) => [label, operation]),
              ["net", "note", "poster", "bucket"].map((label) => [label, "create"]),
            )
            const nativeIds = Object.fromEntries(first.resources.map(({ label, nativeId }) => [label, nativeId]))
            assert.strictEqual(nativeIds["bucket"], nativeIds["poster"])
            assert.deepEqual(yield* outcome, {
              status: "succeeded",
              resources: first.resources.map((resource) => ({ ...resource, operation: "noop" as const })),
            })
          }).pipe(Effect.provide(layer))
        }),
      180_000,
    )
  })
