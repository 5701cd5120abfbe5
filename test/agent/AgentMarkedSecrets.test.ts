import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../src/plugin/index.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { cutOffUnanswered, resume, silentAfter } from "./commands/cutOff.ts"
import { changesOf, formaOf, makeShop, outcomes, type Resources } from "./shop.ts"
import { temporaryFolder } from "./store/temporaryFolder.ts"

const canary = "canary-9c27"
const bucket = "FakeAWS::S3::Bucket"
const secret = "FakeAWS::SecretsManager::Secret"

/** An agent on a state file, and all bytes of the folder of the file. */
const onState = Effect.gen(function* () {
  const folder = yield* temporaryFolder
  const layer = Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
    Layer.provide([Store.layerFile(join(folder, "state.db")), PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
    Layer.provide(NodeServices.layer),
  )
  return {
    bytes: Effect.sync(() =>
      readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), "latin1"))
        .join(""),
    ),
    run: <A, E, R>(use: Effect.Effect<A, E, R>) => Effect.provide(use, Layer.fresh(layer), { local: true }),
  }
})

/** A secret in a property that is not one by its type, in a text, and by reference in two other resources. */
const marked = (value: Properties[string]): Resources => ({
  last: [bucket, { BucketName: "last-one", Tags: [{ Key: "k", Value: { $ref: "middle.Description" } }] }],
  middle: [secret, { Name: "middle", SecretString: "x", Description: { $text: "${first.Description}, again" } }],
  first: [secret, { Name: "first", SecretString: "x", Description: { $secret: value ?? null } }],
})

describe("a value that the document marks as secret", () => {
  it.effect("P11: reaches the provider through text and references, and is in no file, result or event", () =>
    Effect.gen(function* () {
      const { bytes, run } = yield* onState
      const { events, results, seen } = yield* run(
        Effect.gen(function* () {
          const { apply, destroy, elsewhere, events, inventory, plan, resources } = yield* makeShop
          const results = [yield* plan(marked(canary)), yield* apply(marked(canary))]
          const seen = yield* resources
          results.push(yield* apply(marked(canary)))
          assert.deepEqual(changesOf(results[2]!), [])
          // The provider returns the property, so a change from outside is seen, although it is secret.
          yield* elsewhere(
            `UPDATE resources SET properties = json_set(properties, '$.Description', '${canary}-outside') WHERE json_extract(properties, '$.Name') = 'first'`,
          )
          results.push(yield* plan(marked(canary)))
          assert.deepEqual(changesOf(results[3]!).slice(-1), ["first update"])
          results.push(yield* apply(marked(`${canary}-new`)), yield* inventory)
          assert.deepEqual(changesOf(results[4]!), ["last update", "middle update", "first update"])
          const rows = yield* (yield* Inventory).list()
          assert.notInclude(JSON.stringify(rows), canary)
          assert.include(JSON.stringify(rows), "$sealed")
          assert.isFalse((yield* bytes).includes(canary), "the secret is in a file")
          results.push(yield* destroy())
          return { events, results, seen }
        }),
      )
      assert.deepEqual(
        seen.map(({ properties }) => properties["Description"] ?? properties["Tags"]),
        [canary, `${canary}, again`, [{ Key: "k", Value: `${canary}, again` }]],
      )
      assert.isFalse((yield* bytes).includes(canary), "the secret is in a file")
      assert.notInclude(JSON.stringify(results), canary)
      assert.isAbove(events.length, 10)
      assert.notInclude(JSON.stringify(events), canary)
    }),
  )

  it.effect(
    "P11: is in no file when its create was cut off and is taken up, and none when it is no longer marked",
    () =>
      Effect.gen(function* () {
        const { bytes, run } = yield* onState
        const cloud = yield* run(makeShop)
        const { first } = marked(canary)
        const forma = formaOf("shop", cloud.target({ faults: [silentAfter("first")] }), { first: first! })
        yield* run(cutOffUnanswered(forma, cloud.resources))
        const resumed = yield* run(resume)
        assert.deepEqual(outcomes(resumed), ["first create"])
        assert.notInclude(JSON.stringify(resumed), canary)
        assert.isFalse((yield* bytes).includes(canary), "the secret is in a file")
        const plain: Resources = { first: [secret, { Name: "first", SecretString: "x", Description: "plain" }] }
        const applied = yield* run(
          Effect.gen(function* () {
            const agent = yield* Agent
            const target = cloud.target()
            const planned = yield* agent.plan(formaOf("shop", target, plain))
            return [planned, yield* agent.apply(formaOf("shop", target, plain))]
          }),
        )
        assert.deepEqual(applied.map(changesOf), [["first update"], ["first update"]])
        assert.notInclude(JSON.stringify(applied), canary)
        assert.isFalse((yield* bytes).includes(canary), "the secret is in a file")
      }),
  )

  it.effect("is not in the message of a provider that quotes it", () =>
    Effect.gen(function* () {
      const { run } = yield* onState
      const result = yield* run(
        Effect.gen(function* () {
          const { apply } = yield* makeShop
          return yield* apply({ b: ["FakeAWS::Legacy::Widget", { Model: { $secret: canary }, Size: -1 }] })
        }),
      ).pipe(Effect.result)
      assert.notInclude(JSON.stringify(result), canary)
    }),
  )

  it.effect("is refused where it would be in a name, or in a field of a target that is not secret", () =>
    Effect.gen(function* () {
      const { run } = yield* onState
      const refused = (resources: Resources, config?: Properties) =>
        run(
          Effect.gen(function* () {
            const { apply, target } = yield* makeShop
            const error = yield* Effect.flip(apply(resources, { ...target(), ...config }))
            return error.message.split("\n")
          }),
        )
      const inName =
        "is a part of the name that the provider knows the resource by, which is stored and shown; a secret cannot be put into it, so use a value that is not secret"
      assert.deepEqual(
        yield* refused({
          ...marked(canary),
          named: [bucket, { BucketName: { $text: "b-${middle.Description}" } }],
          other: [secret, { Name: { $secret: "n" }, SecretString: "" }],
        }),
        [`resources.3.properties.BucketName: BucketName ${inName}`, `resources.4.properties.Name: Name ${inName}`],
      )
      assert.deepEqual(yield* refused(marked(canary), { cloud: { $ref: "first.Arn" } }), [
        "targets.cloud.config.cloud: a target cannot refer to something else; write the value itself",
      ])
      assert.deepEqual(yield* refused(marked(canary), { region: { $secret: canary } }), [
        "targets.cloud.config.region: region of a target is stored and shown, so it cannot be secret; use a value that is not secret",
      ])
    }),
  )
})
