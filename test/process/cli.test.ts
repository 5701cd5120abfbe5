import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../bundles/folders.ts"
import { makeFolder } from "./formaeCommand.ts"
import { decodeResult, resultOf } from "./jsonOutput.ts"
import { block, canary, head, net, password, shop } from "./shopDocument.ts"

describe("a command with --json", () => {
  it.live("prints one JSON object on stdout, and everything else on stderr", () =>
    Effect.gen(function* () {
      const { bytesIn, formae, has, write } = yield* makeFolder
      write("shop.yaml", shop)
      write("agent.yaml", `state: kept/state.db\nplugins: ["${pluginsFolder}"]\noperator: { logLevel: Warn }\n`)
      const where = ["--json", "--config", "agent.yaml"]

      const planned = yield* formae("plan", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(planned), {
        status: "plan planned",
        resources: ["net create", "block create", "password create"],
      })
      assert.deepEqual([planned.code, planned.stderr], [0, ""])
      assert.isFalse(has("cloud.db"))

      const applied = yield* formae("apply", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(applied), {
        status: "apply succeeded",
        resources: ["net create", "block create", "password create"],
      })
      assert.strictEqual(applied.code, 0)
      const lines = applied.stderr.trimEnd().split("\n")
      assert.strictEqual(lines[0], "3 of 3 resources to change")
      assert.include(lines, "block: create")
      assert.isTrue(lines.some((line) => /^block: create done in \d+ ms \(vpc-cidr-assoc-[0-9a-f]+\)$/.test(line)))

      const again = yield* formae("apply", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(again), {
        status: "apply succeeded",
        resources: ["net noop", "block noop", "password noop"],
      })
      assert.deepEqual([again.code, again.stderr], [0, ""])

      // `--state` overrides the configuration.
      const listed = yield* formae("inventory", "--json", "--state", "kept/state.db", "--config", "agent.yaml")
      assert.deepEqual(yield* resultOf(listed), {
        status: "inventory succeeded",
        resources: ["block noop", "net noop", "password noop"],
      })

      const kept = bytesIn("kept")
      const destroyed = yield* formae("destroy", "shop.yaml", ...where)
      assert.deepEqual(yield* resultOf(destroyed), {
        status: "destroy succeeded",
        resources: ["block delete", "net delete", "password delete"],
      })
      assert.strictEqual(destroyed.code, 0)

      assert.include(kept, "FakeAWS::SecretsManager::Secret")
      for (const { stderr, stdout } of [planned, applied, again, listed, destroyed]) {
        assert.notInclude(stdout + stderr + kept + bytesIn("kept"), canary)
      }
    }),
  )
})

describe("a command without --json", () => {
  it.live("says what was done, and what failed and why, and ends with 1 if something failed", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      const fault = "{ operation: create, label: net, when: before, action: error, code: AccessDenied }"
      const faulty = `${head(`, faults: [${fault}]`)}resources:\n${net}${block}${password}`
      write("shop.yaml", faulty)
      const failed = yield* formae("apply", "shop.yaml")
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stdout, /^LABEL +TYPE +RESULT +TIME +NATIVE ID\n/)
      assert.match(failed.stdout, /^net +FakeAWS::EC2::VPC +create failed +\d+ ms +-$/m)
      assert.include(failed.stdout, "net: AccessDenied: a fault that the target asks for\n")
      assert.include(failed.stdout, "block: DependencyFailure: not tried, because net has failed\n")
      assert.isTrue(failed.stdout.endsWith("\n1 created, 2 failed\n"), failed.stdout)
      assert.include(failed.stderr, "net: create failed: AccessDenied: a fault that the target asks for\n")
      assert.notInclude(failed.stderr, "\u001b")
      assert.notInclude(failed.stdout + failed.stderr, canary)
      assert.isTrue(has(".formae/state.db"))

      const json = yield* formae("apply", "shop.yaml", "--json")
      assert.deepEqual(yield* resultOf(json), {
        status: "apply succeeded",
        resources: ["net create", "block create", "password noop"],
      })
    }),
  )

  it.live("says what changes and why, which document it belongs to, and when a name may be a mistake", () =>
    Effect.gen(function* () {
      const { formae, write } = yield* makeFolder
      write(
        "conf/agent.yaml",
        `state: ../state.db\nplugins: [${pluginsFolder}]\noperator: { retry: { maxRetries: 1 } }\n`,
      )
      const where = ["--config", "conf/agent.yaml"]
      const machine = (image: string, size: string) => `  - label: machine
    type: FakeAWS::EC2::Instance
    target: cloud
    properties: { ImageId: ${image}, InstanceType: ${size} }
`
      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-1", "t3.micro")}`)
      yield* formae("apply", "shop.yaml", ...where)

      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-1", "t3.large")}`)
      const planned = yield* formae("plan", "shop.yaml", ...where)
      assert.match(
        planned.stdout,
        /^~ +machine +FakeAWS::EC2::Instance +to update +i-\S+\n {5}~ InstanceType: "t3.micro" → "t3.large"\n/m,
      )
      assert.notMatch(planned.stdout, /\bnet\b/)
      assert.isTrue(planned.stdout.endsWith("\n1 to update, 1 unchanged\n"), planned.stdout)

      write("shop.yaml", `${head()}resources:\n${net}${machine("ami-2", "t3.large")}`)
      const { resources } = yield* Effect.flatMap(formae("plan", "shop.yaml", "--json", ...where), ({ stdout }) =>
        decodeResult(stdout),
      )
      assert.deepEqual(
        resources.map(({ changed }) => changed),
        [[], ["ImageId"]],
      )
      const replaced = yield* formae("apply", "shop.yaml", ...where)
      const lines = replaced.stderr.split("\n").filter((line) => line.startsWith("machine: replace ("))
      assert.deepEqual(lines, ["machine: replace (delete)", "machine: replace (create)"])

      const listed = yield* formae("inventory", ...where)
      assert.match(listed.stdout, /^FORMA +LABEL +TYPE +NATIVE ID\nshop +machine +/)
      write("shop.yaml", `${head().replace("name: shop", "name: shed")}resources:\n${net}`)
      const mistaken = yield* formae("destroy", "shop.yaml", ...where)
      assert.strictEqual(mistaken.code, 0)
      assert.include(mistaken.stdout, "the state has no resources of a document shed; it has resources of: shop\n")
      assert.include(
        (yield* formae("plan", "shop.yaml", ...where)).stdout,
        "the state has no resources of a document shed",
      )
    }),
  )
})
