import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { agentFolderOf, belowInAgent, objections } from "./objections.ts"
import { root, typescript } from "./sources.ts"

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

  it("must not know what stands above them all", () => {
    assert.deepEqual(objections("src/agent/store/Foo.ts", `import { Agent } from "../Agent.ts"`), [
      "src/agent/store/Foo.ts imports src/agent/Agent.ts: inside src/agent, store must not know Agent.ts; it may know none of its neighbors",
    ])
    assert.deepEqual(objections("src/agent/launch/Foo.ts", `import { agentVersion } from "../version.ts"`), [])
    assert.deepEqual(objections("src/agent/Agent.ts", `import { Inventory } from "./records/Inventory.ts"`), [])
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
