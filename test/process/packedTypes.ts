/**
 * The examples in an empty project that has installed the tarball: their types under
 * two compilers and two ways to find modules, those of the package included, and
 * what they do when they are run.
 */
import { assert, beforeAll, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { globSync, readFileSync } from "node:fs"
import * as fs from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { node, nodeWith, root } from "./npm.ts"
import { makeProject, type Tarball } from "./tarball.ts"

/** What each program of the examples prints. Each runs in a folder of its own, with the folder of the packed plugins. */
const programs: Readonly<Record<string, RegExp>> = {
  "compose.ts":
    /^coordinator: Identify of \S+\ncoordinator: Create of gallery\/pictures\n[^]*\nthe apply has succeeded\n$/,
  "events.ts": /^gallery has begun\n[^]*\nthe command has succeeded\n/,
  "oneResource.ts": /arn:aws:s3:::one-bucket/,
  "ownCoordinator.ts": /^hello succeeded: https/,
  "ownLauncher.ts": /^(notes is linked in\nfake-aws is a process|fake-aws is a process\nnotes is linked in)\n$/,
  "ownStoreAndLogger.ts": /^deployment 1 has succeeded\n$/,
  "ownUpdater.ts": /^the destroy was canceled\n/,
  "schedules.ts": /\npictures: succeeded, 2 attempts, 1 crashes\n/,
  "timeLimit.ts": /\napplied again: succeeded \(pictures succeeded, logs succeeded\)\n$/,
  "twoAgents.ts": /\nthe first has succeeded, and then the second has succeeded\n$/,
  "typedForma.ts": /^pictures create succeeded\nlogs create succeeded\n$/,
}

/** They are given something else, or do not end by themselves: they have tests of their own below. */
const others = ["applyDocument.ts", "httpServer.ts"]

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

const packageNames = ["effect", "@effect/platform-node", "@effect/vitest", "vitest", "@types/node"]

const packages = [
  ...packageNames.map((name) => `${name}@${devDependencies[name]}`),
  "typescript-5@npm:typescript@5.9.3",
  `typescript-7@npm:typescript@${devDependencies["typescript"]}`,
]

/** The tests of the packed types. `packed` is asked when they run. */
export const testPackedTypes = (packed: () => Tarball) =>
  describe("an empty project that has installed the tarball", () => {
    let project: string

    beforeAll(async () => {
      project = await makeProject(packed(), "examples-project", ...packages)
      await fs.cp(join(root, "examples"), join(project, "examples"), { recursive: true })
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
        const { stdout } = await node(project, tsc, "--project", config, "--listFiles")
        for (const file of globSync("examples/**/*.ts", { cwd: project })) assert.include(stdout, join(project, file))
      },
    )

    it("has what the tutorial says to install, and passes its checks", { timeout: 120_000 }, async () => {
      const tutorial = readFileSync(join(root, "docs", "embedding.md"), "utf8")
      const named = [...tutorial.matchAll(/^npm install (?:--save-dev )?(.*)$/gm)].flatMap(([, names = ""]) =>
        names.split(" "),
      )
      const compiler = "typescript"
      assert.sameMembers(named, ["formae", ...packageNames, compiler])
      const config = /^```json\n([^]*?)^```/m.exec(tutorial)?.[1] ?? ""
      await fs.writeFile(fileOf("tsconfig.json"), config)
      const tsc = join("node_modules", "typescript-7", "bin", "tsc")
      await node(project, tsc, "--project", fileOf("tsconfig.json"))
    })

    const fileOf = (program: string) => join(project, "examples", "hosts", program)
    const folderOf = async (program: string) => {
      const folder = join(project, "runs", program)
      await fs.mkdir(folder, { recursive: true })
      return folder
    }
    const plugins = () => join(project, "node_modules", "formae", "dist", "plugins")
    const document = join(root, "examples", "network.yaml")

    it("has programs that are all run here", () => {
      const found = globSync("*.ts", { cwd: join(project, "examples", "hosts") }).filter((file) =>
        readFileSync(fileOf(file), "utf8").includes("NodeRuntime.runMain"),
      )
      assert.sameMembers(found, [...Object.keys(programs), ...others])
    })

    it.each(Object.entries(programs))(
      "has %s, which does what it says",
      { timeout: 60_000 },
      async (program, prints) => {
        const { stdout } = await nodeWith(
          { HOST_KEY: "5e".repeat(32), NODE_COMPILE_CACHE: join(project, "compiled") },
          await folderOf(program),
          fileOf(program),
          plugins(),
        )
        assert.match(stdout, prints)
      },
    )

    it("has applyDocument.ts, which applies a document", { timeout: 60_000 }, async () => {
      const program = "applyDocument.ts"
      const { stdout } = await node(await folderOf(program), fileOf(program), plugins(), document)
      assert.strictEqual(JSON.parse(stdout).status, "succeeded", stdout)
    })

    it("has httpServer.ts, which streams the events of an apply", { timeout: 60_000 }, async () => {
      const program = "httpServer.ts"
      const server = spawn(process.execPath, [fileOf(program), plugins()], {
        cwd: await folderOf(program),
        env: { ...process.env, PORT: "0" },
        stdio: ["ignore", "pipe", "inherit"],
      })
      try {
        let url: string | undefined
        for await (const line of createInterface(server.stdout)) {
          url = /Listening on (http:\S+)/.exec(line)?.[1]
          if (url !== undefined) break
        }
        const response = await fetch(`${url}/apply`, { method: "POST", body: readFileSync(document) })
        const tags = (await response.text())
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)._tag)
        assert.deepEqual([tags[0], tags.at(-1)], ["Began", "CommandFinished"])
      } finally {
        const ended = once(server, "exit")
        server.kill()
        await ended
      }
    })

    it("has examples of tests that pass", { timeout: 120_000 }, async () => {
      const vitest = join("node_modules", "vitest", "vitest.mjs")
      await node(project, vitest, "run", "--dir", "examples", "--reporter=json", "--outputFile=tests.json")
      const { numPassedTests } = JSON.parse(await fs.readFile(join(project, "tests.json"), "utf8"))
      assert.isAtLeast(numPassedTests, globSync("examples/**/*.test.ts", { cwd: project }).length)
    })
  })
