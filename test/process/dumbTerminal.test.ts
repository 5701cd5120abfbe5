import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { needs } from "../needs.ts"
import { answering } from "./atTerminal.ts"
import { makeFolder } from "./formaeCommand.ts"
import { shop } from "./shopDocument.ts"

/** What moves a cursor, colors, rings or writes over a line: all that is below a space but the end of a line. */
// oxlint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b-\u001f\u007f]/

describe("a terminal that can only print lines", needs("python3"), () => {
  it.live("gets plain lines, also of what is under way", () =>
    Effect.gen(function* () {
      const { beginScript, write } = yield* makeFolder
      write("shop.yaml", shop)
      const script = `TERM=dumb FORCE_COLOR=1 ${answering("y")} $formae apply shop.yaml`
      const ended = yield* Effect.flatMap(beginScript(script), (begun) => begun.ended)
      assert.strictEqual(ended.code, 0, ended.stdout)
      assert.include(ended.stdout, '+ CidrBlock: "10.0.0.0/16"')
      assert.include(ended.stdout, "net: create")
      assert.notMatch(ended.stdout.replaceAll("\r\n", "\n"), steering)
    }),
  )
})
