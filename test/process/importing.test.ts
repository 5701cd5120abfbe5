/** What exists and no document has: found, and taken into a document. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Ended, makeFolder } from "./formaeCommand.ts"

const jsonOf = ({ stdout }: Ended) => JSON.parse(stdout)

const cloud = '{"cloud":"./cloud.db","region":"eu-west-1","settleMillis":0}'

/** A document that creates what is forgotten then. */
const strays = `targets:
  cloud: { namespace: FakeAWS, config: ${cloud} }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, onRemove: retain, properties: { CidrBlock: 10.0.0.0/16 } }
  - label: pictures
    type: FakeAWS::S3::Bucket
    target: cloud
    onRemove: retain
    properties: { BucketName: pictures, Tags: [{ Key: team, Value: web }] }
`

describe("what no document has", () => {
  it.live("is listed, by type, tag and target", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("strays.yaml", strays)
      assert.strictEqual((yield* formae("apply", "strays.yaml")).code, 0)
      assert.strictEqual((yield* formae("destroy", "strays.yaml", "--yes")).code, 0)
      write("shop.yaml", `targets:\n  cloud: { namespace: FakeAWS, config: ${cloud} }\nresources: []\n`)

      const found = yield* formae("discover", "--document", "shop.yaml")
      assert.strictEqual(found.code, 0, found.stderr)
      assert.match(
        found.stdout,
        /^TYPE +NATIVE ID +TARGET\nFakeAWS::EC2::VPC +vpc-\w+ +cloud\nFakeAWS::S3::Bucket +pictures +cloud$/m,
      )
      assert.include(found.stdout, "2 resources are in no document")
      const tagged = yield* formae("discover", "FakeAWS", "--target-config", cloud, "--query", "team=w*", "--json")
      assert.deepInclude(jsonOf(tagged), { command: "discover", status: "succeeded", failures: [] })
      assert.deepInclude(jsonOf(tagged).resources[0], { nativeId: "pictures", name: "pictures", target: "fakeaws" })
      const unknown = yield* formae("discover", "--document", "shop.yaml", "--target", "clod", "--json")
      assert.strictEqual(unknown.code, 2)
      assert.strictEqual(jsonOf(unknown).error.code, "TargetUnknown")
    }),
  )
})
