import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { guardScript } from "../../../src/agent/launch/guardScript.ts"
import { beginIn, makeFolder } from "../formaeCommand.ts"
import { inNamespace, needsNamespace } from "../namespaces.ts"

/**
 * Starts a process of the launch $1, and another one that has here the id by which /proc knows the first one. Runs the
 * guard of the launch, and says what became of the other one.
 */
const script = `
FORMAE_LAUNCH="$1" sleep 1000 &
while [ -z "$outside" ]; do
  outside=$(grep -lsF "FORMAE_LAUNCH=$1" /proc/[0-9]*/environ | tr -dc '0-9\\n' | head -n 1) || :
done
echo $((outside - 1)) >/proc/sys/kernel/ns_last_pid
sleep 1000 &
[ "$!" = "$outside" ] || exit 99
echo "add $1" | sh -c "$2"
kill -s 0 "$!" && echo spared
`

describe("the guard in a container that has the /proc of its host", needsNamespace("pid"), () => {
  it.live("kills no process that has the id of another one there", () =>
    Effect.gen(function* () {
      const { at } = yield* makeFolder
      const begun = yield* beginIn(at("."))(...inNamespace("pid", script, "sh", "foreign-1", guardScript))
      const { code, stderr, stdout } = yield* begun.ended
      assert.deepEqual([code, stdout], [0, "spared\n"], stderr)
    }),
  )
})
