import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { pluginsFolder } from "../bundles/folders.ts"
import { makeFolder, makeFolderOfSource } from "./formaeCommand.ts"
import { refusalIn } from "./jsonOutput.ts"
import { headWithDead, net } from "./shopDocument.ts"

const decodePlugins = Schema.decodeUnknownEffect(
  Schema.fromJsonString(
    Schema.Struct({
      command: Schema.Literal("plugins"),
      status: Schema.Literal("succeeded"),
      plugins: Schema.Array(Schema.Struct({ namespace: Schema.String, version: Schema.String, entry: Schema.String })),
      rejected: Schema.Array(Schema.Json),
    }),
  ),
)

const manifestOf = (name: string, namespace: string) => ({
  name,
  namespace,
  version: "1.0.0",
  protocol: { min: 1, max: 1 },
  minAgentVersion: "0.1.0",
  entry: "main.js",
  environment: [],
})

describe("formae plugins", () => {
  it.live("lists the plugins of the checkout that it runs from", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolderOfSource
      const { plugins } = yield* decodePlugins((yield* formae("plugins", "--json")).stdout)
      assert.sameMembers(
        plugins.map(({ namespace }) => namespace),
        ["AWS", "Azure", "Board", "FakeAWS"],
      )
    }),
  )

  it.live("lists the plugins of all folders that are named, and those that cannot be used", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("more/odd/formae-plugin.json", JSON.stringify({ name: "odd" }))
      write("more/dead/formae-plugin.json", JSON.stringify(manifestOf("dead", "Dead")))
      write("more/dead/main.js", `console.error("no such module"); process.exit(3)`)
      const folders = ["--plugins", pluginsFolder, "--plugins", "more"]
      const [json, words] = yield* Effect.all(
        [formae("plugins", "--json", ...folders), formae("plugins", ...folders)],
        { concurrency: 2 },
      )
      const { plugins, rejected } = yield* decodePlugins(json.stdout)
      assert.deepEqual(plugins.map(({ namespace }) => namespace).toSorted(), ["AWS", "Azure", "Dead", "FakeAWS"])
      assert.deepInclude(
        plugins.find(({ namespace }) => namespace === "Dead"),
        { version: "1.0.0", entry: at("more/dead/main.js") },
      )
      assert.lengthOf(rejected, 1)
      assert.match(words.stdout, /^NAMESPACE +NAME +VERSION +PROTOCOL +STATE +ENTRY\n/)
      assert.match(words.stderr, /^Rejected: .*more\/odd\/formae-plugin\.json: .*namespace: is missing/)
      assert.deepEqual([json.code, words.code], [0, 0])
    }),
  )
})

describe("a plugin that does not start", () => {
  it.live("keeps an apply from asking the other plugins to do anything", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("more/dead/formae-plugin.json", JSON.stringify(manifestOf("dead", "Dead")))
      write("more/dead/main.js", `console.error("no such module"); process.exit(3)`)
      write("dead.yaml", `${headWithDead}resources:\n${net}  - { label: it, type: Dead::Of::Thing, target: dead }\n`)
      const ended = yield* formae("apply", "dead.yaml", "--json", "--plugins", pluginsFolder, "--plugins", "more")
      assert.strictEqual(ended.code, 1)
      assert.strictEqual((yield* refusalIn(ended))?.code, "PluginStartFailed")
      assert.match(ended.stderr, /^The plugin dead did not start \(.*main\.js\): it exited with code 3/)
      assert.include(ended.stderr, "no such module")
      assert.isFalse(has("cloud.db"))
    }),
  )
})

describe("formae --help", () => {
  it.live("lists the commands and the exit codes", () =>
    Effect.gen(function* () {
      const { formae } = yield* makeFolder
      const help = yield* formae("--help")
      assert.strictEqual(help.code, 0)
      assert.match(help.stdout, /\n {2}plan +Show [^]*\n {2}apply +Create[^]*\nEXIT CODES\n {2}0 +done\n[^]*\n {2}149 /)
    }),
  )
})
