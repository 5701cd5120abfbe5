/** The same commands on two copies of one project: an agent that stays runs on the one, and none on the other. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync } from "node:fs"
import { type CommandFolder, type Ended, main, makeFolderFor } from "../formaeCommand.ts"

const resource = (label: string, kind: string, properties: string, more = "") =>
  `  - { label: ${label}, type: "FakeAWS::${kind}", target: cloud, properties: ${properties}${more} }\n`

const head = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: us-east-1, settleMillis: 0 } }
outputs:
  id: { value: { $ref: net.VpcId } }
resources:
`
const net = resource("net", "EC2::VPC", "{ CidrBlock: 10.0.0.0/16 }")
const logs = (tag: string) => resource("logs", "S3::Bucket", `{ BucketName: logs, Tags: [{ Key: of, Value: ${tag} }] }`)
const asked = resource("pictures", "S3::Bucket", "{ BucketName: pictures, Tags: [] }", ", drift: ask")
const block = resource("block", "EC2::VPCCidrBlock", "{ VpcId: { $ref: net.VpcId }, CidrBlock: 10.1.0.0/16 }")

const files = {
  "formae.config.yaml": `plugin: { fake-aws: { discover: { types: [FakeAWS::S3], filters: [{ BucketName: "hid*" }] } } }`,
  "shop.yaml": `${head}${net}${logs("web")}${asked}`,
  "more.yaml": `${head}${net}${logs("games")}${block}`,
  "wrong.yaml": `${head}${net.replace("EC2::VPC", "EC2::VPX")}`,
}

/** What no document has made: a changed tag, and two buckets. */
const byHand = `
  const { DatabaseSync } = require("node:sqlite")
  new DatabaseSync("cloud.db").exec(\`
    UPDATE resources SET properties = json_set(properties, '$.Tags[0]', json('{"Key":"by","Value":"hand"}')) WHERE native_id = 'pictures';
    INSERT INTO resources SELECT 'stray', type, json_set(properties, '$.BucketName', 'stray'), 'hand', created_at FROM resources WHERE native_id = 'logs';
    INSERT INTO resources SELECT 'hidden', type, json_set(properties, '$.BucketName', 'hidden'), 'hand', created_at FROM resources WHERE native_id = 'logs'
  \`)`

/** In their order: later ones find what earlier ones have done. */
const commands = [
  "plan shop.yaml --json",
  "plan wrong.yaml --json",
  "sync",
  "drift --json",
  "show nett",
  "inventory --json",
  "discover",
  "mv nett other --json",
  "apply shop.yaml --only pictures --yes --json",
  "apply more.yaml --accept-drift pictures --yes --json",
  "destroy more.yaml --yes --json",
  "commands --json",
]

/** Without what is another one each time. */
const masked = (text: string) =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "ID")
    .replaceAll(/\b(vpc(?:-cidr-assoc)?)-[\da-f]{17}\b/g, "$1-ID")
    .replaceAll(/\b\d+(?:\.\d+)? m?s\b/g, "DURATION")
    .replaceAll(/"(\w*(?:[aA]t|Millis|[sS]ince))": \d+/g, '"$1": NUMBER')
    .replaceAll(/ {2,}/g, "  ")

/** What goes on side by side is told in any order. */
const said = ({ code, stderr, stdout }: Ended) => ({
  code,
  stdout: masked(stdout),
  stderr: masked(stderr).split("\n").toSorted(),
})

describe("a command on an agent that stays", () => {
  it.live("ends as it ends without one, and prints the same", () =>
    Effect.gen(function* () {
      const [alone, served] = yield* Effect.all([makeFolderFor(main), makeFolderFor(main)])
      for (const [file, text] of Object.entries(files)) alone.write(file, text)
      // Neither the configuration nor what was copied is trusted by itself.
      const inFolder = (folder: CommandFolder) => folder.formaeAs({}, { FORMAE_TRUST: folder.at(".") })
      const applied = yield* inFolder(alone)("apply", "shop.yaml", "--yes")
      assert.strictEqual(applied.code, 0, applied.stderr)
      const changed = yield* Effect.flatMap(
        alone.beginScript(`"${process.execPath}" --no-warnings - <<'END'\n${byHand}\nEND`),
        ({ ended }) => ended,
      )
      assert.strictEqual(changed.code, 0, changed.stderr)
      cpSync(alone.at("."), served.at("."), { recursive: true })
      yield* Effect.addFinalizer(() => inFolder(served)("agent", "stop"))
      const started = yield* inFolder(served)("agent", "--detach")
      assert.strictEqual(started.code, 0, started.stderr)
      const run = (folder: CommandFolder, command: string) => Effect.map(inFolder(folder)(...command.split(" ")), said)
      for (const command of commands) {
        const [without, withAgent] = yield* Effect.all([run(alone, command), run(served, command)], { concurrency: 2 })
        assert.deepEqual(withAgent, without, command)
        if (command === "discover") {
          // Both obey the configuration.
          assert.match(without.stdout, /^FakeAWS::S3::Bucket {2}stray {2}stray {2}cloud$/m)
          assert.notInclude(without.stdout, "hidden")
          assert.match(without.stdout, /\nplugin\.fake-aws\.discover of the configuration says what is looked for\n$/)
        }
      }
    }).pipe(Effect.scoped),
  )
})
