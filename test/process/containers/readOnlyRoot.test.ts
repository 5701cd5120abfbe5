import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { beginIn, type CommandFolder, main, makeFolder } from "../formaeCommand.ts"
import { inNamespace, needsNamespace } from "../namespaces.ts"
import { shop } from "../shopDocument.ts"

/** Runs the command in $1, where nothing can be written but in its folder `volume`, with $2 as the folder for what is temporary. */
const script = `
cd "$1"; mount --bind . .; cd "$1"
mount -t tmpfs -o mode=700 tmpfs volume
for place in / /tmp .; do mount -o bind,remount,ro "$place" 2>/dev/null || [ "$place" = /tmp ]; done
if touch here 2>/dev/null; then exit 99; fi
export TMPDIR="$1/$2"; shift 2
exec "$@"
`

const runIn = ({ at }: CommandFolder, temporary: string) =>
  Effect.fnUntraced(function* (...args: ReadonlyArray<string>) {
    const command = [process.execPath, main, ...args]
    const begun = yield* beginIn(at("."))(...inNamespace("readOnly", script, "sh", at("."), temporary, ...command))
    return yield* begun.ended
  })

describe("a root that is read-only", needsNamespace("readOnly"), () => {
  it.live("is enough to plan and to list, and what needs more says which place, and the way out", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const { at, formae, has, write } = folder
      write("volume/none", "")
      write("shop.yaml", shop)
      const inReadOnly = runIn(folder, "gone")
      for (const [command, text] of [
        [["plan", "shop.yaml"], "3 to create"],
        [["inventory"], ""],
      ] as const) {
        const writable = yield* formae(...command)
        assert.isFalse(has(".formae"), "nothing is made where it could be")
        const ended = yield* inReadOnly(...command)
        assert.deepEqual(ended, { code: 0, stdout: writable.stdout, stderr: "" })
        assert.include(ended.stdout, text)
      }
      const applied = yield* inReadOnly("apply", "shop.yaml")
      assert.deepInclude(applied, {
        code: 2,
        stderr: `The state file .formae/state.db cannot be used: the file system of ${at(".formae")} is read-only. Nothing was changed. Put the state file on a disk or a volume that can be written. Or name another state file with --state; "formae plan" and "formae inventory" need no write access\n`,
      })
      const added = yield* inReadOnly("plugin", "add", "some-plugin")
      assert.strictEqual(added.code, 2)
      assert.include(added.stderr, "cannot be made: its file system is read-only. Set XDG_DATA_HOME to a folder")

      write("shop.yaml", shop.replace("./cloud.db", "./volume/cloud.db"))
      const onVolume = yield* inReadOnly("apply", "shop.yaml", "--state", "volume/state.db")
      assert.deepInclude(onVolume, { code: 0 }, onVolume.stderr)
      assert.notMatch(onVolume.stderr, /cache|trust|read-only/)

      write("shop.yaml", shop)
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      const listed = yield* inReadOnly("inventory")
      assert.deepInclude(listed, {
        code: 2,
        stderr: `The state file .formae/state.db cannot be used: this user may only read it, so it is read from a temporary copy, and none can be made in ${at("gone")}: there is no such folder. Nothing was changed. Set TMPDIR to a folder that this user may write to\n`,
      })
      const again = yield* runIn(folder, "volume")("inventory")
      assert.strictEqual(again.code, 0, again.stderr)
      assert.include(again.stdout, "password")
    }),
  )
})
