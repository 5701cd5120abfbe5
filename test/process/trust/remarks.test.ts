/** What is said of plugins that displace others, and that ask for what is not their own; and which folders are searched. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { pluginsFolder } from "../../bundles/folders.ts"
import { makeFolder } from "../formaeCommand.ts"
import { bringHostilePlugin } from "./clone.ts"

const displaces = /The plugin hostile takes the place of fake-aws \d+\.\d+\.\d+, which comes with formae/
const beyond = /The plugin hostile sees variables that are not of its namespace: GITHUB_TOKEN/
const plugins = ["--plugins", ".formae/plugins"]

const namesIn = (stdout: string): ReadonlyArray<string> =>
  (JSON.parse(stdout) as { plugins: Array<{ name: string }> }).plugins.map(({ name }) => name).toSorted()

describe("a plugin that takes the place of one that comes with formae, and sees foreign variables", () => {
  it.live("is listed with both, and its first launch says them in the log", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringHostilePlugin(folder)
      const { formae, write } = folder
      const listed = yield* formae("plugins")
      assert.match(listed.stdout, displaces)
      assert.match(listed.stdout, beyond)
      const json = JSON.parse((yield* formae("plugins", "--json")).stdout)
      const found = json.plugins.find(({ name }: { name: string }) => name === "hostile")
      assert.strictEqual(found.displaces.name, "fake-aws")
      assert.deepEqual(found.beyondNamespace, ["GITHUB_TOKEN"])

      write(
        "shop.yaml",
        "targets: { it: { namespace: FakeAWS } }\nresources: [{ label: it, type: FakeAWS::EC2::VPC, target: it }]\n",
      )
      const used = yield* formae("plan", "shop.yaml", ...plugins)
      assert.lengthOf(used.stderr.match(new RegExp(displaces, "g")) ?? [], 1)
      assert.lengthOf(used.stderr.match(new RegExp(beyond, "g")) ?? [], 1)
    }),
  )

  it.live("is not remarked on where it is the one that comes with formae", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolder
      for (const args of [[], ["--plugins", pluginsFolder], ["--only-plugins", pluginsFolder]]) {
        const listed = yield* formae("plugins", ...args)
        assert.notInclude(listed.stdout, "takes the place of")
        assert.notInclude(listed.stdout, "not of its namespace")
      }
    }),
  )
})

describe("the folders of plugins", () => {
  it.live("that are named are in addition to all others, or with --only-plugins all there are", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      bringHostilePlugin(folder)
      const { formae, write } = folder
      write(
        "more/twin/formae-plugin.json",
        JSON.stringify({
          name: "twin",
          namespace: "Twin",
          version: "1.0.0",
          protocol: { min: 1, max: 1 },
          minAgentVersion: "0.1.0",
          entry: "main.mjs",
          environment: [],
        }),
      )
      write("more/twin/main.mjs", "")
      write("adds.yaml", "plugins: [more]\n")
      write("only.yaml", "onlyPlugins: [more]\n")
      const list = (...args: ReadonlyArray<string>) =>
        Effect.map(formae("plugins", "--json", ...args), ({ stdout }) => namesIn(stdout))
      const all = ["aws", "azure", "hostile", "twin"]
      assert.deepEqual(yield* list("--plugins", "more"), all)
      assert.deepEqual(yield* list("--config", "adds.yaml"), all)
      assert.deepEqual(yield* list("--only-plugins", "more"), ["twin"])
      assert.deepEqual(yield* list("--config", "only.yaml"), ["twin"])
      assert.deepEqual(yield* list("--only-plugins", "more", ...plugins), ["hostile", "twin"])
      assert.deepEqual(yield* list("--config", "only.yaml", ...plugins), ["hostile", "twin"])
      assert.deepEqual(yield* list("--config", "adds.yaml", "--only-plugins", ".formae/plugins"), ["hostile"])
      const missing = yield* formae("plugins", "--only-plugins", "gone")
      assert.strictEqual(missing.code, 2)
    }),
  )
})
