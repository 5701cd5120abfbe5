import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { fileURLToPath } from "node:url"
import { openIn } from "../processState.ts"
import { startGuarded } from "./guarded.ts"

/** Any file that nothing else opens. */
const file = fileURLToPath(import.meta.url)

describe("a descriptor that the agent was started with", () => {
  // Node closes the low ones at an exec. A shell gives the high ones to programs, as for `<(...)`.
  it.live("reaches neither a plugin nor the guard", () =>
    Effect.gen(function* () {
      const descriptors = [3, 9, 20, 63]
      const { agent, guards, plugin } = yield* startGuarded("answers-twice", "any", { file, descriptors })
      const [guard] = guards()
      const opens = (pid: number) => openIn(pid).filter((target) => target === file).length
      assert.strictEqual(opens(agent), descriptors.length)
      assert.deepEqual([opens(plugin), opens(guard!)], [0, 0])
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
