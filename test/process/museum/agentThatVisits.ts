/** An agent for a test to kill: runs one exhibit as a plugin, lets it misbehave, prints its pid, and waits forever. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { visit } from "./visit.ts"

const [exhibit = "", nativeId = "", printed = ""] = process.argv.slice(2)

const main = Effect.gen(function* () {
  const museum = yield* visit(exhibit)
  yield* Effect.forkScoped(museum.read(nativeId))
  const { pid } = yield* museum.next("Ready")
  yield* museum.printed(printed)
  yield* Console.log(pid)
  return yield* Effect.never
})

main.pipe(Effect.scoped, NodeRuntime.runMain)
