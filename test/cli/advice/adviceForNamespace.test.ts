import { assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { adviceForNamespace } from "../../../src/cli/advice/adviceForNamespace.ts"

const fileOf = (plugin: string, file: string): { readonly name: string; readonly namespace: string } => {
  const url = new URL(`../../../plugins/${plugin}/${file}`, import.meta.url)
  assert.isTrue(existsSync(url), url.pathname)
  return JSON.parse(readFileSync(url, "utf8"))
}

describe("the advice for a namespace that no plugin serves", () => {
  it.each(["aws", "azure"])("names the package that serves it: plugins/%s", (plugin) => {
    const { namespace } = fileOf(plugin, "formae-plugin.json")
    const { name } = fileOf(plugin, "package.json")
    const advice = `Install its plugin: npm install ${name}, or without a package.json: formae plugin add ${name}`
    assert.strictEqual(adviceForNamespace({ namespace, known: [] }), advice)
    assert.strictEqual(adviceForNamespace({ namespace: namespace.toUpperCase(), known: [] }), advice)
  })

  it("says how to bring any other plugin", () => {
    assert.strictEqual(
      adviceForNamespace({ namespace: "Other", known: ["AWS", "FakeAWS"] }),
      `Install a plugin for it, with npm or with "formae plugin add PACKAGE", or name its folder with --plugins`,
    )
  })

  it("asks whether another one was meant that is written nearly so", () => {
    assert.strictEqual(adviceForNamespace({ namespace: "FakeAW", known: ["AWS", "FakeAWS"] }), "Did you mean FakeAWS?")
  })
})
