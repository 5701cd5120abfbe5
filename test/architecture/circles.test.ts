import { assert, describe, it } from "@effect/vitest"
import * as Graph from "effect/Graph"
import { readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { importsOf, root, typescript } from "./sources.ts"

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
