import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { changesOf, formaOf, layerAgent, makeShop, nativeIdOf, outcomes, type Resources } from "./shop.ts"
import { Agent } from "../../src/agent/Agent.ts"

const bucket = (properties = {}): Resources[string] => ["FakeAWS::S3::Bucket", properties]
const secret = (properties = {}): Resources[string] => [
  "FakeAWS::SecretsManager::Secret",
  { SecretString: "hunter2", ...properties },
]
const nameless: Resources = {
  pictures: bucket(),
  password: secret(),
  note: bucket({ Tags: [{ Key: "of", Value: { $ref: "pictures.BucketName" } }] }),
}

describe("a document without names", () => {
  it.effect("gets names that say where they come from, and a second apply changes nothing", () =>
    Effect.gen(function* () {
      const { apply, calls, plan, resources } = yield* makeShop
      assert.strictEqual((yield* plan(nameless)).status, "planned")
      const made = yield* apply(nameless)
      assert.deepEqual(outcomes(made), ["pictures create", "password create", "note create"])
      const pictures = nativeIdOf(made, "pictures")
      assert.match(pictures, /^shop-pictures-[0-9a-z]{12}$/)
      const note = (yield* resources).find(({ native_id }) => native_id === nativeIdOf(made, "note"))
      assert.deepInclude(note?.properties, { Tags: [{ Key: "of", Value: pictures }] })
      const before = (yield* calls).length
      assert.deepEqual(changesOf(yield* apply(nameless)), [])
      assert.deepEqual(changesOf(yield* plan(nameless)), [])
      assert.sameMembers([...new Set((yield* calls).slice(before).map(({ operation }) => operation))], ["read"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps a name through an update, a rename of the label and the same name in the document", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { apply, target, writes } = yield* makeShop
      const name = nativeIdOf(yield* apply({ pictures: bucket() }), "pictures")
      const versioned = { VersioningConfiguration: { Status: "Enabled" } }
      assert.deepEqual(changesOf(yield* apply({ pictures: bucket(versioned) })), ["pictures update"])
      const moved = {
        ...formaOf("shop", target(), { photos: bucket(versioned) }),
        moved: [{ from: "pictures", to: "photos" }],
      }
      const renamed = yield* agent.apply(moved)
      assert.deepEqual(outcomes(renamed), ["photos noop"])
      assert.strictEqual(nativeIdOf(renamed, "photos"), name)
      assert.deepEqual(changesOf(yield* apply({ photos: bucket({ ...versioned, BucketName: name }) })), [])
      assert.deepEqual(changesOf(yield* apply({ photos: bucket(versioned) })), [], "what was stated once stays, too")
      // The update of what is not named in the document is sent with the name.
      assert.deepEqual(changesOf(yield* apply({ photos: bucket() })), ["photos update"])
      assert.deepEqual(yield* writes, ["create S3::Bucket", "update S3::Bucket", "update S3::Bucket"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("gets another name where the resource is made again", () =>
    Effect.gen(function* () {
      const { apply, elsewhere, resources, target } = yield* makeShop
      const first = nativeIdOf(yield* apply({ pictures: bucket() }), "pictures")
      const away = yield* apply({ pictures: bucket() }, target({ region: "us-east-1" }))
      assert.deepEqual(outcomes(away), ["pictures replace"])
      const second = nativeIdOf(away, "pictures")
      assert.notStrictEqual(second, first)
      const named = yield* apply({ pictures: bucket({ BucketName: "my-pictures" }) }, target({ region: "us-east-1" }))
      assert.deepEqual(outcomes(named), ["pictures replace"])
      assert.deepEqual(changesOf(yield* apply({ pictures: bucket() }, target({ region: "us-east-1" }))), [])
      yield* elsewhere("DELETE FROM resources")
      const again = yield* apply({ pictures: bucket() }, target({ region: "us-east-1" }))
      assert.deepEqual(outcomes(again), ["pictures create"])
      assert.match(nativeIdOf(again, "pictures"), /^shop-pictures-/)
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does not take what another label has for its own", () =>
    Effect.gen(function* () {
      const { apply, writes } = yield* makeShop
      yield* apply({ a: bucket(), b: bucket() })
      const swapped = yield* apply({ b: bucket(), c: bucket() })
      assert.deepEqual(outcomes(swapped), ["b noop", "c create", "a delete"])
      assert.lengthOf(yield* writes, 4)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is refused where a name is given that the type does not allow", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeShop
      const error = yield* Effect.flip(apply({ pictures: bucket({ BucketName: "No" }) }))
      assert.include(error.message, "Expected a bucket name")
    }).pipe(Effect.provide(layerAgent())),
  )
})
