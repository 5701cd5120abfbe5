/**
 * The examples in an empty project that has installed the tarball: their types under
 * two compilers and two ways to find modules, those of the package included, and
 * what they do when they are run.
 */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { node, root } from "./npm.ts"
import { makeProject, type Tarball } from "./tarball.ts"

const plugins = join("node_modules", "formae", "dist", "plugins")

/** What each program of the examples is given, and what it prints. They run one after the other, in one folder. */
const programs: Readonly<Record<string, { readonly args: ReadonlyArray<string>; readonly prints: RegExp }>> = {
  "host.ts": { args: [plugins, "targets: {}\nresources: []"], prints: /^\{"command":"apply","status":"succeeded"/ },
  "typed.ts": { args: [plugins], prints: /^pictures create succeeded\nlogs create succeeded\n$/ },
}

/** Shows the repository itself, with emulators that are not in the package. */
const notInProject: ReadonlySet<string> = new Set(["start.ts"])

const compilers = ["typescript-5", "typescript-7"]

const moduleSettings = [
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "preserve", moduleResolution: "bundler" },
]

const compilerOptions = {
  target: "es2024",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  skipLibCheck: false,
  noEmit: true,
}

const devDependencies: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
).devDependencies

const packages = [
  ...["effect", "@effect/platform-node", "@effect/vitest", "vitest", "@types/node"].map(
    (name) => `${name}@${devDependencies[name]}`,
  ),
  "typescript-5@npm:typescript@5.9.3",
  `typescript-7@npm:typescript@${devDependencies["typescript"]}`,
]

/** The tests of the packed types. `packed` is asked when they run. */
export const testPackedTypes = (packed: () => Tarball) =>
  describe("an empty project that has installed the tarball", () => {
    let project: string

    beforeAll(async () => {
      project = await makeProject(packed(), "examples-project", ...packages)
      await fs.cp(join(root, "examples"), join(project, "examples"), {
        recursive: true,
        filter: (file) => !notInProject.has(file.slice(join(root, "examples").length + 1)),
      })
    }, 240_000)

    it("has one copy of effect", () => {
      const copies = ["effect", "@effect/platform-node"].map((name) =>
        globSync(`**/node_modules/${name}/package.json`, { cwd: project }),
      )
      assert.deepEqual(copies, [
        [join("node_modules", "effect", "package.json")],
        [join("node_modules", "@effect", "platform-node", "package.json")],
      ])
    })

    it.each(compilers.flatMap((compiler) => moduleSettings.map((settings) => ({ compiler, ...settings }))))(
      "passes the checks of $compiler with modules as in $module",
      { timeout: 120_000 },
      async ({ compiler, ...settings }) => {
        const config = `tsconfig.${compiler}.${settings.module}.json`
        const content = { compilerOptions: { ...compilerOptions, ...settings }, include: ["examples/**/*.ts"] }
        await fs.writeFile(join(project, config), JSON.stringify(content))
        const tsc = join("node_modules", compiler, "bin", "tsc")
        const { stdout } = await node(project, tsc, "--project", config, "--listFilesOnly")
        for (const file of globSync("examples/**/*.ts", { cwd: project })) assert.include(stdout, join(project, file))
        await node(project, tsc, "--project", config)
      },
    )

    it("has examples that do what they say", { timeout: 120_000 }, async () => {
      const found = globSync("**/*.ts", { cwd: join(project, "examples") }).filter((file) =>
        readFileSync(join(project, "examples", file), "utf8").includes("NodeRuntime.runMain"),
      )
      assert.sameMembers(found, Object.keys(programs), "what each program is given and prints is listed above")
      for (const [file, { args, prints }] of Object.entries(programs)) {
        const { stdout } = await node(project, join("examples", file), ...args)
        assert.match(stdout, prints, file)
      }
    })

    it("has examples of tests that pass", { timeout: 120_000 }, async () => {
      const vitest = join("node_modules", "vitest", "vitest.mjs")
      await node(project, vitest, "run", "--dir", "examples", "--reporter=json", "--outputFile=tests.json")
      const { numPassedTests } = JSON.parse(await fs.readFile(join(project, "tests.json"), "utf8"))
      assert.isAtLeast(numPassedTests, globSync("examples/**/*.test.ts", { cwd: project }).length)
    })
  })
