/** What exists and no document has: found, and taken into a document. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { type Ended, makeFolder } from "./formaeCommand.ts"

const canary = "canary-c4d1"

/** How often the cloud was asked to change something. */
const changesIn = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  const found = database
    .prepare("SELECT COUNT(*) AS count FROM calls WHERE operation IN ('create', 'update', 'delete')")
    .get()
  database.close()
  return found
}

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
  - { label: logs, type: FakeAWS::S3::Bucket, target: cloud, onRemove: retain, properties: { BucketName: logs } }
  - label: block
    type: FakeAWS::EC2::VPCCidrBlock
    target: cloud
    onRemove: retain
    properties: { VpcId: { $ref: net.VpcId }, CidrBlock: 10.4.0.0/16 }
  - label: password
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    onRemove: retain
    properties: { Name: password, SecretString: ${canary}, Tags: [{ Key: team, Value: web }] }
`

/** A document with a comment, spaces of its own, and something that others refer to. */
const shop = `# The shop.
targets:
    cloud:   { namespace: FakeAWS, config: ${cloud} }   # eu
resources:
    # Nothing yet.
    - label: own
      type: FakeAWS::S3::Bucket
      target: cloud
      properties: { BucketName: own }   # ours
`

describe("what no document has", () => {
  it.live(
    "is listed, and imported into a document beside what is there, without secrets, which then has nothing to do",
    () =>
      Effect.gen(function* () {
        const { at, formae, write } = yield* makeFolder
        write("strays.yaml", strays)
        write("shop.yaml", shop)
        assert.strictEqual((yield* formae("apply", "strays.yaml")).code, 0)
        assert.strictEqual((yield* formae("destroy", "strays.yaml", "--yes")).code, 0)
        assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
        const before = changesIn(at("cloud.db"))

        const found = yield* formae("discover", "FakeAWS::EC2", "--document", "shop.yaml")
        assert.strictEqual(found.code, 0, found.stderr)
        assert.match(
          found.stdout,
          /^TYPE +NATIVE ID +TARGET\nFakeAWS::EC2::VPC +vpc-\w+ +cloud\nFakeAWS::EC2::VPCCidrBlock +vpc-cidr-assoc-\w+ +cloud$/m,
        )
        assert.include(found.stdout, "2 resources are in no document")
        const tagged = yield* formae(
          "discover",
          "FakeAWS::S3",
          "--target-config",
          cloud,
          "--query",
          "team=w*",
          "--json",
        )
        assert.deepInclude(jsonOf(tagged), { command: "discover", status: "succeeded", failures: [] })
        assert.deepInclude(jsonOf(tagged).resources[0], { nativeId: "pictures", name: "pictures", target: "fakeaws" })
        const unknown = yield* formae("discover", "--document", "shop.yaml", "--target", "clod", "--json")
        assert.strictEqual(unknown.code, 2)
        assert.strictEqual(jsonOf(unknown).error.code, "TargetUnknown")
        const mistyped = yield* formae("discover", "FakeAW")
        assert.deepEqual([mistyped.code, mistyped.stdout], [2, ""], mistyped.stderr)
        assert.match(
          mistyped.stderr,
          /^No plugin serves the namespace FakeAW; known .*FakeAWS\nDid you mean FakeAWS\?$/m,
        )

        const owned = yield* formae("import", "mine", "FakeAWS::S3::Bucket", "own", "--into", "shop.yaml", "--json")
        assert.strictEqual(owned.code, 2, owned.stderr)
        assert.include(jsonOf(owned).error.message, "it belongs to shop/own")
        assert.strictEqual(readFileSync(at("shop.yaml"), "utf8"), shop)

        const vpc = /vpc-\w+/.exec(found.stdout)?.[0] ?? ""
        const one = yield* formae("import", "net", "FakeAWS::EC2::VPC", vpc, "--into", "shop.yaml")
        assert.strictEqual(one.code, 0, one.stderr)
        assert.match(one.stdout, /^net +FakeAWS::EC2::VPC +adopted +vpc-/m)
        assert.include(
          one.stdout,
          "Imported: 1 resource is in the document and in the state, and a plan has nothing to do",
        )

        const secret = ["--set", `password-SecretString=${canary}`]
        const many = yield* formae("import", "--query", "team=w*", "--into", "shop.yaml", "--json", ...secret)
        assert.strictEqual(many.code, 0, many.stderr)
        assert.sameMembers(
          jsonOf(many).resources.map((found: { readonly label: string }) => found.label),
          ["pictures", "password"],
        )
        const type = ["--type", "FakeAWS::EC2::VPCCidrBlock"]
        const referring = yield* formae("import", ...type, "--into", "shop.yaml", ...secret)
        assert.strictEqual(referring.code, 0, referring.stderr)
        const text = readFileSync(at("shop.yaml"), "utf8")
        for (const line of shop.split("\n")) assert.include(text, line)
        assert.include(text, "VpcId: { $ref: net.VpcId }")
        assert.include(text, "SecretString: { $param: password-SecretString }")
        assert.notInclude(text + many.stdout + many.stderr, canary)
        assert.isFalse(readFileSync(at(".formae/state.db")).includes(canary))
        const made = ["--type", "FakeAWS::S3", "--into", "made.yaml", "--target-config", cloud]
        const making = yield* formae("import", ...made, "--json")
        assert.strictEqual(making.code, 0, making.stderr)
        assert.deepInclude(jsonOf(making).resources[0], { label: "logs", operation: "adopt" })
        assert.match(
          readFileSync(at("made.yaml"), "utf8"),
          /^targets:\n {2}fakeaws:\n[^]*^resources:\n {2}- label: logs$/m,
        )
        const planned = yield* formae("plan", "shop.yaml", "--detailed-exitcode", ...secret)
        assert.strictEqual(planned.code, 0, planned.stdout)
        assert.deepEqual(changesIn(at("cloud.db")), before)

        const again = yield* formae("import", "net", "FakeAWS::EC2::VPC", vpc, "--into", "shop.yaml", ...secret)
        assert.strictEqual(again.code, 0, again.stderr)
        assert.strictEqual(readFileSync(at("shop.yaml"), "utf8"), text)
      }),
  )
})
