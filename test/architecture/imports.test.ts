import { assert, describe, it } from "@effect/vitest"
import * as Graph from "effect/Graph"
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

/**
 * Inside the agent: which folders each folder may know. Processes (supervision,
 * launch, catalog) and records (records, secrets, store) meet in operations only.
 */
const belowInAgent: Readonly<Record<string, ReadonlyArray<string>>> = {
  store: [],
  catalog: [],
  forma: [],
  launch: ["catalog"],
  secrets: ["store"],
  records: ["forma", "secrets", "store"],
  supervision: ["catalog", "launch"],
  operations: ["catalog", "launch", "records", "secrets", "store", "supervision"],
  plan: ["catalog", "forma", "operations", "records", "secrets", "supervision"],
  apply: ["catalog", "forma", "operations", "plan", "records", "secrets", "store", "supervision"],
  commands: ["apply", "catalog", "forma", "operations", "plan", "records", "secrets", "store", "supervision"],
}

const floorOf = (file: string) => /^src\/([^/]+)\//.exec(file)?.[1]
const agentFolderOf = (file: string) => /^src\/agent\/([^/]+)\//.exec(file)?.[1]
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
  if (known !== floor) {
    return below[floor ?? ""]?.includes(known) === true
      ? undefined
      : `${says}: the ${floor} floor must not know the ${known} floor`
  }
  const objectionInAgent = floor === "agent" ? objectionBetween(agentFolderOf(file), agentFolderOf(target)) : undefined
  return objectionInAgent === undefined ? undefined : `${says}: ${objectionInAgent}`
}

/** What is wrong with an import from one folder of the agent in another, or undefined if nothing is. */
const objectionBetween = (from: string | undefined, to: string | undefined): string | undefined => {
  // Agent.ts, index.ts and version.ts stand beside the folders.
  if (from === undefined || from === to) return undefined
  const known = belowInAgent[from]
  if (known === undefined) return `the folder ${from} has no place in the order of src/agent; give it one in this test`
  if (to === undefined || known.includes(to)) return undefined
  const mayKnow = known.length === 0 ? "none of its neighbors" : known.join(", ")
  return `inside src/agent, ${from} must not know ${to}; it may know ${mayKnow}`
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

/** The paths that a module of this repository imports. */
const neighborsOf = (file: string, source: string) =>
  importsOf(file, source)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => normalize(join(dirname(file), specifier)))

/** The files that lead back to themselves by what they import, types included, as sentences. */
const circles = (sources: ReadonlyMap<string, string>): ReadonlyArray<string> => {
  const files = [...sources.keys()]
  const graph = Graph.directed<string, undefined>((mutable) => {
    const nodes = new Map(files.map((file) => [file, Graph.addNode(mutable, file)]))
    for (const [file, source] of sources) {
      for (const neighbor of neighborsOf(file, source)) {
        const [from, to] = [nodes.get(file), nodes.get(neighbor)]
        if (from !== undefined && to !== undefined) Graph.addEdge(mutable, from, to, undefined)
      }
    }
  })
  return Graph.stronglyConnectedComponents(graph)
    .filter((nodes) => nodes.length > 1)
    .map((nodes) => {
      const circle = nodes.map((node) => files[node] ?? "").toSorted()
      return `${circle.join(" and ")} import each other: give what they share a file of its own`
    })
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
      "src/agent/launch/Foo.ts",
      `import type { Bar } from "../records/Bar.ts"`,
      "src/agent/launch/Foo.ts imports src/agent/records/Bar.ts: inside src/agent, launch must not know records; it may know catalog",
    ],
    [
      "src/agent/store/Foo.ts",
      `export type { Bar } from "../secrets/Bar.ts"`,
      "src/agent/store/Foo.ts imports src/agent/secrets/Bar.ts: inside src/agent, store must not know secrets; it may know none of its neighbors",
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

describe("the folders of the agent", () => {
  it.each(
    Object.keys(belowInAgent).flatMap((from) =>
      Object.keys(belowInAgent)
        .filter((to) => to !== from && belowInAgent[from]?.includes(to) !== true)
        .map((to) => [from, to] as const),
    ),
  )("%s must not know %s", (from, to) => {
    const [objection] = objections(`src/agent/${from}/Foo.ts`, `import { Bar } from "../${to}/Bar.ts"`)
    assert.match(objection ?? "", new RegExp(`: inside src/agent, ${from} must not know ${to}; `))
  })

  it("have no circle in their order", () => {
    const reaches = (from: string): ReadonlyArray<string> =>
      (belowInAgent[from] ?? []).flatMap((to) => [to, ...reaches(to)])
    for (const folder of Object.keys(belowInAgent)) assert.notInclude(reaches(folder), folder)
  })

  it("each have a place", () => {
    const folders = typescript("src/agent").flatMap((file) => agentFolderOf(file) ?? [])
    assert.deepEqual([...new Set(folders)].toSorted(), Object.keys(belowInAgent).toSorted())
    assert.deepEqual(objections("src/agent/odds/Foo.ts", `import { Bar } from "../store/Bar.ts"`), [
      "src/agent/odds/Foo.ts imports src/agent/store/Bar.ts: the folder odds has no place in the order of src/agent; give it one in this test",
    ])
  })
})

describe("no two files", () => {
  it("import each other, types included", () => {
    const files = typescript("src", "plugins", "test", "scripts", "examples")
    assert.deepEqual(circles(new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]))), [])
  })

  it.each([
    ["by their types", `import type { Bar } from "./Bar.ts"`, `export type { Foo } from "./Foo.ts"`],
    ["at their first use", `const bar = () => import("./Bar.ts")`, `import { Foo } from "./Foo.ts"`],
  ])("may import each other %s", (_, foo, bar) => {
    const sources = new Map([
      ["src/agent/Foo.ts", foo],
      ["src/agent/Bar.ts", bar],
      ["src/agent/Baz.ts", `import { Foo } from "./Foo.ts"`],
    ])
    assert.deepEqual(circles(sources), [
      "src/agent/Bar.ts and src/agent/Foo.ts import each other: give what they share a file of its own",
    ])
  })

  it("may import each other by way of a third", () => {
    const sources = new Map([
      ["src/a.ts", `import "./b.ts"`],
      ["src/b.ts", `import "./c.ts"`],
      ["src/c.ts", `import "./a.ts"`],
    ])
    assert.deepEqual(circles(sources), [
      "src/a.ts and src/b.ts and src/c.ts import each other: give what they share a file of its own",
    ])
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
