import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { parse } from "yaml"
import { beginIn, main, makeFolder } from "./formaeCommand.ts"
import { columnIn, untilIn } from "./rows.ts"

const page = readFileSync(new URL("../../docs/ci.md", import.meta.url), "utf8")
const [github, gitlab] = [...page.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = ""]) => parse(text))

interface Step {
  readonly run?: string
  readonly if?: string
}
const steps = (github.jobs.deploy.steps as ReadonlyArray<Step>).filter(
  ({ run }) => run !== undefined && run !== "npm ci",
)
const lines = (gitlab.deploy.script as ReadonlyArray<string>).filter((line) => line !== "npm ci")

/** How each runner runs the scripts of its job, what it sends, and how the job ends then. */
const runners = [
  {
    name: "GitHub Actions",
    shell: ["bash", "-e"],
    script: steps.filter((step) => step.if === undefined).map(({ run = "" }) => run),
    always: steps.filter((step) => step.if === "always()").map(({ run = "" }) => run),
    signals: ["SIGINT", "SIGTERM"],
    code: 143,
  },
  {
    name: "GitLab",
    shell: ["bash"],
    script: lines,
    always: gitlab.deploy.after_script as ReadonlyArray<string>,
    signals: ["SIGTERM"],
    code: 143,
  },
] as const

const hangs = "faults: [{ operation: create, type: 'FakeAWS::EC2::VPC', when: after, action: hang, times: 1 }]"
const shop = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0, ${hangs} } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: block, type: FakeAWS::EC2::VPCCidrBlock, target: cloud, properties: { VpcId: { $ref: net.VpcId }, CidrBlock: 10.1.0.0/16 } }
`

describe.each(runners)("the recipe for $name", ({ always, code, script, shell, signals }) => {
  it.live("survives a job that is canceled: the next one continues, and nothing is lost or done twice", () =>
    Effect.gen(function* () {
      const { at, has, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("node_modules/.bin/formae", `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
      chmodSync(at("node_modules/.bin/formae"), 0o755)
      mkdirSync(at("volume"))
      const [program, ...flags] = shell
      // In a file, as on a runner: of a command after -c, bash would become the last program by itself.
      const job = (commands: ReadonlyArray<string>) => {
        write("script.sh", `export STATE=${at("volume/state.db")}\n${commands.join("\n")}\n`)
        return beginIn(at("."))(program, ...flags, at("script.sh"))
      }
      const finished = (commands: ReadonlyArray<string>) => Effect.flatMap(job(commands), ({ ended }) => ended)

      const canceled = yield* job(script)
      yield* untilIn(at("cloud.db"), "SELECT native_id FROM resources")
      const [first, ...later] = signals
      yield* canceled.signal(first)
      yield* canceled.said("safe point")
      for (const signal of later) yield* canceled.signal(signal)
      if (later.length === 0) yield* canceled.signal(first)
      const ended = yield* canceled.ended
      assert.strictEqual(ended.code, code, ended.stderr)
      const created = yield* columnIn(at("cloud.db"), "SELECT native_id FROM resources")
      assert.lengthOf(created, 1)
      for (const command of always) assert.strictEqual((yield* finished([command])).code, 0)
      if (has("state.tgz")) {
        const copied = execFileSync("tar", ["-tzf", at("state.tgz")], { encoding: "utf8" }).split("\n")
        assert.include(copied, "./state.db")
        assert.notInclude(copied, "./state.db.key", "who has the state and the key has the secrets")
      }

      const next = yield* finished(script)
      assert.strictEqual(next.code, 0, next.stderr)
      const there = yield* columnIn(at("cloud.db"), "SELECT native_id FROM resources ORDER BY native_id")
      assert.lengthOf(there, 2)
      assert.includeMembers([...there], [...created])
      assert.deepEqual(
        yield* columnIn(at("volume/state.db"), "SELECT native_id FROM resources ORDER BY native_id"),
        there,
      )
      assert.isFalse(has(".formae"), "the state is where it outlives the job, and nowhere else")
    }),
  )
})
