import { assert, describe, it } from "@effect/vitest"
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { usageMistakes } from "../../../src/cli/usage/usageMistake.ts"
import { root } from "../../architecture/sources.ts"
import { eventsOf } from "./parsed.ts"

const flags = (command: string) => `"formae ${command} --help" lists its flags`

describe("a mistake in the command line", () => {
  it.effect.each<[typed: string, wrong: string, wayOut: string]>([
    ["aply", `formae has no command "aply"`, `Did you mean "formae apply"? "formae --help" lists its commands`],
    ["preview", `formae has no command "preview"`, `Did you mean "formae plan"? "formae --help" lists its commands`],
    ["qqqqqqqq", `formae has no command "qqqqqqqq"`, `"formae --help" lists its commands`],
    [
      "plugin tets",
      `formae plugin has no command "tets"`,
      `Did you mean "formae plugin test"? "formae plugin --help" lists its commands`,
    ],
    ["help aply", `formae has no command "aply"`, `Did you mean "formae apply"? "formae --help" lists its commands`],
    ["apply --jsn", "formae apply has no flag --jsn", `Did you mean --json? ${flags("apply")}`],
    ["apply x --qqqqqq", "formae apply has no flag --qqqqqq", flags("apply")],
    ["apply x --auto-approve", "formae apply has no flag --auto-approve", `Did you mean --yes? ${flags("apply")}`],
    [
      "destroy x --only a",
      "formae destroy has no flag --only",
      `To delete one resource, take it out of the document, and run "formae apply DOCUMENT --only LABEL". ${flags("destroy")}`,
    ],
    [
      "plugin test . --target x",
      "formae plugin test has no flag --target",
      `The targets of a test are in formae-samples.yaml, with its samples. ${flags("plugin test")}`,
    ],
    ["show", "formae show needs <label>: the label of the resource", "For example: formae show net"],
    ["show a b", `formae show does not take "b"`, "Usage: formae show [flags] <label>"],
    ["apply x --state", "--state needs a value", `Write --state FILE. ${flags("apply")}`],
    ["apply x --only ", "--only needs a value", `Write --only LABEL. ${flags("apply")}`],
    ["plan x --set ", "--set needs a value", `Write --set NAME=VALUE. ${flags("plan")}`],
    ["sync --label a --label ", "--label needs a value", `Write --label LABEL. ${flags("sync")}`],
    ["apply x --json=maybe", `--json cannot be "maybe"`, "It needs no value: write --json, or --json=false"],
    ["events --after x", `--after cannot be "x"`, `It must be a number. ${flags("events")}`],
    ["events --after -1", `--after cannot be "-1"`, `It must be 0 or the number of an event. ${flags("events")}`],
    [
      "plan x --log-level debgu",
      `--log-level cannot be "debgu"`,
      "Did you mean debug? It can be all, trace, debug, info, warn, warning, error, fatal or none",
    ],
    ["apply x --name a --name b", "formae apply takes --name once", "For example: formae apply network.yaml"],
    [
      "adopt a\u0000",
      "formae adopt needs <native-id>: the id that the provider gave the resource",
      "For example: formae adopt old widget-0a1b",
    ],
    ["show a b\u001b[2J", String.raw`formae show does not take "b\u001b[2J"`, "Usage: formae show [flags] <label>"],
  ])("%s", ([typed, wrong, wayOut]) =>
    Effect.gen(function* () {
      const [event, ...more] = yield* eventsOf(...typed.split(" "))
      if (event?._tag !== "InvalidInvocation") return assert.fail(`it is ${event?._tag}`)
      assert.deepEqual(usageMistakes(event), [[wrong, wayOut]])
      assert.deepEqual(more, [], "it is said once")
    }),
  )

  it("is an empty text for any flag that takes one", () => {
    const all = globSync("src/cli/**/*.ts", { cwd: root }).filter((file) => !file.endsWith("textFlag.ts"))
    assert.isAbove(all.length, 100)
    assert.deepEqual(
      all.filter((file) => readFileSync(join(root, file), "utf8").includes("Flag.String(")),
      [],
    )
  })
})
