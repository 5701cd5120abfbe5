import { assert, describe, it } from "@effect/vitest"
import { existsSync, globSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "rolldown/utils"

const root = fileURLToPath(new URL("../..", import.meta.url))

/** Which floors each floor may know. */
const below: Readonly<Record<string, ReadonlyArray<string>>> = {
  protocol: [],
  transport: ["protocol"],
  plugin: ["protocol", "transport"],
  agent: ["protocol", "transport"],
  testing: ["protocol", "transport", "plugin", "agent"],
  cli: ["protocol", "agent", "testing"],
}

const floorOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]
const pluginOf = (file: string) => /^plugins\/[^/]+(?=\/)/.exec(file)?.[0]

/** `effect` of `effect/Effect`, `@effect/platform-node` of `@effect/platform-node/NodeStream`. */
const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")

/** Of the command too what is only there to build it: it ships as a bundle. */
const dependenciesOf = (folder: string, floor: string | undefined): ReadonlyArray<string> => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
  return Object.keys({ ...dependencies, ...(floor === "cli" ? devDependencies : {}) })
}

/** What is wrong with an import, as a sentence, or undefined if nothing is. */
const objection = (file: string, specifier: string): string | undefined => {
  const floor = floorOf(file)
  const plugin = pluginOf(file)
  const relative = specifier.startsWith(".")
  const target = relative ? normalize(join(dirname(file), specifier)) : specifier
  const says = `${file} imports ${target}`

  if (target === "effect") {
    return `${says}: a barrel loads all of Effect at each start; import the module that is meant, such as effect/Effect`
  }
  if (!relative && packageOf(target) !== "formae") {
    const owner = plugin ?? "."
    return isBuiltin(target) || dependenciesOf(owner, floor).includes(packageOf(target))
      ? undefined
      : `${says}: ${packageOf(target)} is not among the dependencies in ${join(owner, "package.json")}`
  }
  if (plugin !== undefined) {
    return target.startsWith(`${plugin}/`) || ["formae/plugin", "formae/protocol"].includes(target)
      ? undefined
      : `${says}: of formae, a plugin knows formae/plugin and formae/protocol, and nothing else`
  }
  if (!relative) return `${says}: inside src/ a module is imported by its path`
  const known = floorOf(target)
  if (known === undefined) return `${says}: src/ must not know what is outside of it`
  return known === floor || below[floor ?? ""]?.includes(known) === true
    ? undefined
    : `${says}: the ${floor} floor must not know the ${known} floor`
}

/** All that a module imports: static, for its types, dynamic, and on behalf of others. */
const importsOf = (file: string, source: string): ReadonlyArray<string> => {
  const { errors, module } = parseSync(file, source)
  assert.deepEqual(
    errors.map(({ message }) => message),
    [],
    file,
  )
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => source.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ]
}

const objections = (file: string, source: string) =>
  importsOf(file, source).flatMap((specifier) => objection(file, specifier) ?? [])

const typescript = (...folders: ReadonlyArray<string>) =>
  globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  )
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))

describe("the floors", () => {
  it("are known from above only", () => {
    const files = typescript("src", "plugins")
    assert.isAbove(files.length, 50)
    assert.deepEqual(
      files.flatMap((file) => objections(file, readFileSync(join(root, file), "utf8"))),
      [],
    )
  })

  it.each([
    [
      "src/agent/Foo.ts",
      `import { Bar } from "../plugin/Bar.ts"`,
      "src/agent/Foo.ts imports src/plugin/Bar.ts: the agent floor must not know the plugin floor",
    ],
    [
      "src/plugin/Foo.ts",
      `export type { Bar } from "../agent/plugins/Bar.ts"`,
      "src/plugin/Foo.ts imports src/agent/plugins/Bar.ts: the plugin floor must not know the agent floor",
    ],
    [
      "src/testing/Foo.ts",
      `const bar = () => import("../cli/Bar.ts")`,
      "src/testing/Foo.ts imports src/cli/Bar.ts: the testing floor must not know the cli floor",
    ],
    [
      "src/protocol/Foo.ts",
      `export * from "../transport/Frames.ts"`,
      "src/protocol/Foo.ts imports src/transport/Frames.ts: the protocol floor must not know the transport floor",
    ],
    [
      "src/agent/Foo.ts",
      `import { plugin } from "../../plugins/fake-aws/src/plugin.ts"`,
      "src/agent/Foo.ts imports plugins/fake-aws/src/plugin.ts: src/ must not know what is outside of it",
    ],
    [
      "src/agent/Foo.ts",
      `import { definePlugin } from "formae/plugin"`,
      "src/agent/Foo.ts imports formae/plugin: inside src/ a module is imported by its path",
    ],
    [
      "src/agent/Foo.ts",
      `import { Effect } from "effect"`,
      "src/agent/Foo.ts imports effect: a barrel loads all of Effect at each start; import the module that is meant, such as effect/Effect",
    ],
    [
      "plugins/aws/src/Foo.ts",
      `import { PluginCoordinator } from "formae/agent"`,
      "plugins/aws/src/Foo.ts imports formae/agent: of formae, a plugin knows formae/plugin and formae/protocol, and nothing else",
    ],
    [
      "plugins/aws/src/Foo.ts",
      `import { Cloud } from "../../fake-aws/src/Cloud.ts"`,
      "plugins/aws/src/Foo.ts imports plugins/fake-aws/src/Cloud.ts: of formae, a plugin knows formae/plugin and formae/protocol, and nothing else",
    ],
    [
      "plugins/aws/src/Foo.ts",
      `import * as yaml from "yaml"`,
      "plugins/aws/src/Foo.ts imports yaml: yaml is not among the dependencies in plugins/aws/package.json",
    ],
  ])("a %s with %s is told what is wrong", (file, source, sentence) => {
    assert.deepEqual(objections(file, source), [sentence])
  })
})

describe("the tree", () => {
  it("has no drawer for odds and ends", () => {
    const drawers = typescript("src", "plugins", "test", "scripts", "examples").filter((file) =>
      /(^|\/)(utils?|common|helpers?|misc)(\/|\.)/i.test(file),
    )
    assert.deepEqual(drawers, [])
  })

  it("has what package.json exports, and dist/ mirrors it", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    const floors: ReadonlyArray<[string, Record<string, string>]> = Object.entries<Record<string, string>>(
      exports,
    ).filter(([, target]) => typeof target !== "string")
    assert.isAbove(floors.length, 0)
    for (const [name, target] of floors) {
      const source = target["formae-source"] ?? ""
      assert.isTrue(existsSync(join(root, source)), `package.json exports ${name} from ${source}, which does not exist`)
      const built = source.replace("./src/", "./dist/")
      assert.strictEqual(target["default"], built.replace(/\.ts$/, ".js"))
      assert.strictEqual(target["types"], built.replace(/\.ts$/, ".d.ts"))
    }
  })

  it("has a folder in src/ for each folder of a floor in test/", () => {
    const strays = typescript("test")
      .map((file) => dirname(file).replace(/^test\//, "src/"))
      .filter((folder) => Object.hasOwn(below, floorOf(`${folder}/`) ?? "") && !existsSync(join(root, folder)))
    assert.deepEqual(strays, [])
  })
})
