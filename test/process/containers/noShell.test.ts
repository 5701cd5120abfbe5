import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { beginIn, main, makeFolder } from "../formaeCommand.ts"
import { inNamespace, needsNamespace } from "../namespaces.ts"
import { columnIn } from "../rows.ts"
import { shop } from "../shopDocument.ts"

/** Hides the programs of the system, and the shell with them, before it becomes the command. */
const script = `
for folder in /usr/local/bin /bin /usr/bin; do [ -h "$folder" ] || mount -t tmpfs tmpfs "$folder"; done
[ ! -e /bin/sh ] && exec "$@"
`

describe("a system without /bin/sh", needsNamespace("mount"), () => {
  it.live("is told of once, where one looks at the plugins, and by no other command", () =>
    Effect.gen(function* () {
      const { at, write } = yield* makeFolder
      write("shop.yaml", shop)
      const run = Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
        const command = [process.execPath, main, ...args]
        return yield* (yield* beginIn(at("."))(...inNamespace("mount", script, "sh", ...command))).ended
      })
      const applied = yield* run("apply", "shop.yaml")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.notInclude(applied.stderr, "/bin/sh")
      assert.lengthOf(yield* columnIn(at(".formae/state.db"), "SELECT label FROM resources"), 3)
      const listed = yield* run("plugins")
      assert.strictEqual(listed.code, 0, listed.stderr)
      assert.include(listed.stdout, "FakeAWS")
      assert.match(listed.stdout, /\n\nThere is no \/bin\/sh here, .*Install a POSIX shell, or run formae as process 1/)
      const hinted = yield* run("destroy", "shop.yaml", "--log-level", "info")
      assert.strictEqual(hinted.code, 0, hinted.stderr)
      assert.lengthOf(hinted.stderr.split("There is no /bin/sh here"), 2)
    }),
  )
})
