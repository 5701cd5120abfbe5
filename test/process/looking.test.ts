/** The commands that look at what there is: with a document, the state, and plugins as processes. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { changeIn } from "./rows.ts"

const document = (net: string) => `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } }
resources:
  - { label: ${net}, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - label: password
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: password, SecretString: hunter2, Description: { $ref: ${net}.VpcId } }
`

const jsonOf = ({ stdout }: Ended) => JSON.parse(stdout)

describe("a resource in the state", () => {
  it.live("is shown without secrets, and gets another label, after which the document has nothing to do", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write("shop.yaml", document("net"))
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      const password = yield* formae("show", "password")
      assert.strictEqual(password.code, 0, password.stderr)
      assert.match(password.stdout, /^password of shop\n {2}type {7}FakeAWS::SecretsManager::Secret$/m)
      assert.match(password.stdout, /^ {2}depends on net$/m)
      assert.match(
        password.stdout,
        /^WANTED\n {2}Name: "password"\n {2}Description: "vpc-.*"\n {2}SecretString: \(secret\)$/m,
      )
      assert.match(password.stdout, /^LAST READ\n {2}as wanted$/m)
      assert.match(password.stdout, /^OUTPUTS\n {2}Arn: "arn:/m)
      assert.match(password.stdout, /^HISTORY\nSTARTED AT .*\n.*Z {2}apply {4}create {2}succeeded /m)
      assert.notInclude(password.stdout, "hunter2")

      const unknown = yield* formae("show", "pasword", "--json")
      assert.strictEqual(unknown.code, 2)
      assert.deepInclude(jsonOf(unknown), { command: "show", status: "refused" })
      assert.strictEqual(jsonOf(unknown).error.code, "ResourceNotFound")
      assert.strictEqual(unknown.stderr, "There is no resource pasword; did you mean password?\n")

      const taken = yield* formae("mv", "net", "password")
      assert.strictEqual(taken.code, 2)
      assert.include(
        taken.stderr,
        "shop/net cannot be renamed to password: another resource of the document has that label",
      )
      const moved = yield* formae("mv", "net", "network", "--forma", "shop")
      assert.strictEqual(moved.code, 0, moved.stderr)
      assert.match(moved.stdout, /^shop +network +FakeAWS::EC2::VPC +moved from net +vpc-/m)
      assert.match(moved.stdout, /^Renamed in the state: rename it in the document too$/m)
      write("shop.yaml", document("network"))
      const planned = yield* formae("plan", "shop.yaml", "--detailed-exitcode")
      assert.strictEqual(planned.code, 0, planned.stdout)
      const shown = jsonOf(yield* formae("show", "network", "--json"))
      assert.deepInclude(shown, { command: "show", status: "succeeded" })
      assert.deepInclude(shown.resource, { label: "network", wanted: { CidrBlock: "10.0.0.0/16" }, secrets: [] })
      assert.deepInclude(shown.resource.history[0], {
        kind: "Create",
        status: "Succeeded",
        closed: true,
        failure: null,
      })
    }),
  )
})

describe("what was changed elsewhere", () => {
  it.live("is read by a sync, shown with its time by drift, and told by the exit code", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", document("net"))
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      assert.deepInclude(jsonOf(yield* formae("sync", "--json", "--detailed-exitcode")), { read: 2, resources: [] })
      changeIn(
        at("cloud.db"),
        "UPDATE resources SET properties = json_set(properties, '$.Description', 'by hand') WHERE type LIKE '%Secret'",
      )
      changeIn(at("cloud.db"), "DELETE FROM resources WHERE type LIKE '%VPC'")
      const synced = yield* formae("sync", "shop.yaml", "--detailed-exitcode")
      assert.deepEqual([synced.code, synced.stderr], [3, ""])
      assert.match(synced.stdout, /^- +shop +net +FakeAWS::EC2::VPC +deleted elsewhere +\d{4}-.*Z +vpc-/m)
      assert.match(synced.stdout, /^ {5}it is gone since \d{4}-.*Z or before$/m)
      assert.match(synced.stdout, /^ {5}~ Description: "vpc-.*" → "by hand" {2}since \d{4}-.*Z$/m)
      assert.match(synced.stdout, /^2 resources read: 1 changed elsewhere, 1 deleted elsewhere$/m)
      const shown = yield* formae("drift", "shop", "--label", "password", "--detailed-exitcode")
      assert.strictEqual(shown.code, 3)
      assert.match(shown.stdout, /^1 changed elsewhere$/m)
      const [report] = jsonOf(yield* formae("drift", "--label", "password", "--json")).resources
      assert.deepInclude(report, { label: "password", operation: "update", status: "planned" })
      assert.deepInclude(report.drift, { policy: "report" })
      assert.match((yield* formae("show", "password")).stdout, /^DRIFT\nSEEN AT .*\n.*Z +Description +still so$/m)
      const mistyped = yield* formae("drift", "shop", "--label", "pasword", "--detailed-exitcode")
      assert.deepInclude(mistyped, { code: 2, stdout: "" })
      assert.match(mistyped.stderr, /There is no resource pasword in the document shop; did you mean password\?/)
      const applied = yield* formae("apply", "shop.yaml")
      assert.match(applied.stdout, /^1 created, 1 updated$/m)
      const over = yield* formae("drift", "--detailed-exitcode")
      assert.deepEqual(
        [over.code, over.stdout.split("\n")[0]],
        [0, "Nothing that was read differs from what is wanted"],
      )
    }),
  )
})

describe("a document", () => {
  it.live("is validated without its provider and without a state, and its mistakes have their places", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("shop.yaml", document("net"))
      const valid = yield* formae("validate", "shop.yaml")
      assert.strictEqual(valid.code, 0, valid.stderr)
      assert.strictEqual(valid.stdout, "The document shop is valid: 2 resources. Its providers were not asked\n")
      write("bad.yaml", document("net").replace("net.VpcId", "nte.VpcId").replace("CidrBlock: 10.0", "CidrBlok: 10.0"))
      const bad = yield* formae("validate", "bad.yaml", "--json")
      assert.strictEqual(bad.code, 2)
      assert.match(bad.stderr, /^bad\.yaml:9:\d+ resources\[1\]\.properties\.Description.*did you mean net/m)
      assert.deepInclude(jsonOf(bad), { command: "validate", status: "refused" })
      write("bad.yaml", document("net").replace("CidrBlock: 10.0", "CidrBlok: 10.0"))
      const unknown = yield* formae("validate", "bad.yaml")
      assert.strictEqual(unknown.code, 2)
      assert.match(unknown.stderr, /^bad\.yaml:5:\d+ resources\[0\]\.properties\.CidrBlok: /m)
      const graph = yield* formae("graph", "shop.yaml")
      const drawn = ["net<br/>FakeAWS::EC2::VPC", "password<br/>FakeAWS::SecretsManager::Secret"]
      const nodes = drawn.map((text, index) => `  r${index}["${text}"]`)
      assert.strictEqual(graph.stdout, ["flowchart LR", ...nodes, "  r1 --> r0", ""].join("\n"), graph.stderr)
      assert.isFalse(has(".formae"))
      assert.isFalse(has("cloud.db"))
    }),
  )
})

describe("the resource types", () => {
  it.live("are listed, and one is shown with an example, which is a document", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      const all = yield* formae("types")
      assert.strictEqual(all.code, 0, all.stderr)
      assert.match(all.stdout, /^AWS\n {2}AWS::\S+$/m)
      assert.match(all.stdout, /^\nFakeAWS\n {2}FakeAWS::EC2::Instance$/m)
      const shown = yield* formae("types", "FakeAWS::EC2::VPCCidrBlock")
      assert.strictEqual(shown.code, 0, shown.stderr)
      assert.match(shown.stdout, /^VpcId +string +required; a change replaces the resource$/m)
      write("example.yaml", shown.stdout.slice(shown.stdout.indexOf("targets:")))
      const applied = yield* formae("apply", "example.yaml")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.match(applied.stdout, /^2 created$/m)
      const unknown = yield* formae("types", "vpccidrblock", "--json")
      assert.strictEqual(unknown.code, 2)
      assert.include(jsonOf(unknown), { command: "types", status: "refused" })
      assert.include(unknown.stderr, "There is no resource type vpccidrblock; did you mean FakeAWS::EC2::VPCCidrBlock?")
    }),
  )
})
