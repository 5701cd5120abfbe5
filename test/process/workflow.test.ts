/** The workflow for the host of the repository. What npm does in it, `pack.test.ts` does too. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { execFile } from "node:child_process"
import { accessSync, constants, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { parse } from "yaml"
import { claimedFolder } from "../bundles/folders.ts"
import { root } from "./npm.ts"

const Step = Schema.Struct({
  run: Schema.optionalKey(Schema.String),
  uses: Schema.optionalKey(Schema.String),
})
const Workflow = Schema.Struct({
  jobs: Schema.Struct({
    commands: Schema.Struct({
      strategy: Schema.Struct({
        matrix: Schema.Struct({
          system: Schema.Array(Schema.String),
          node: Schema.Array(Schema.String),
          include: Schema.Array(Schema.Struct({ system: Schema.String, node: Schema.String })),
        }),
      }),
      steps: Schema.Array(Step),
    }),
    tests: Schema.Struct({ steps: Schema.Array(Step) }),
  }),
})

const read = (file: string) => readFileSync(join(root, file), "utf8")
const { commands, tests } = Schema.decodeUnknownSync(Workflow)(parse(read(".github/workflows/ci.yml"))).jobs
const steps = [...commands.steps, ...tests.steps]
const lines = (of: ReadonlyArray<typeof Step.Type>) => of.flatMap(({ run = "" }) => run.trim().split("\n"))
const { engines, scripts } = JSON.parse(read("package.json"))

const folder = mkdtempSync(join(tmpdir(), "formae-workflow-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe("the workflow", () => {
  it("runs on three systems, and from the oldest Node that is supported to the newest", () => {
    const { include, node, system } = commands.strategy.matrix
    assert.deepEqual(system, ["ubuntu-latest", "macos-latest", "windows-latest"])
    assert.deepEqual([...include.map((one) => one.node), ...node].toSorted(), ["22.19", "24", "26"])
    assert.include(engines.node, "22.19")
    for (const one of include) assert.include(system, one.system)
  })

  it("names only what is there", () => {
    const named = lines(steps).flatMap((line) => /^npm (?:run )?([\w:-]+)/.exec(line)?.[1] ?? [])
    assert.deepEqual(named, ["ci", "build"])
    for (const script of named) if (script !== "ci") assert.property(scripts, script)
    for (const line of lines(steps).filter((one) => one.startsWith("."))) {
      accessSync(join(root, line), constants.X_OK)
    }
    // Exactly one version of what it takes from others, which nobody can replace by another.
    for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@[0-9a-f]{40}$/)
  })

  it("has four commands, which create and destroy what the example says", async () => {
    // The layout of a checkout that has been built.
    symlinkSync(claimedFolder, join(folder, "dist"))
    cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true })
    const script = commands.steps.find(({ run = "" }) => run.includes(" apply "))?.run ?? ""
    const { stdout } = await promisify(execFile)(
      "bash",
      ["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
      { cwd: folder },
    )
    assert.include(stdout, `${JSON.parse(read("package.json")).version}\n`)
    assert.match(stdout, /2 to create\n[^]*2 created\n[^]*2 deleted\n/)
  })
})
