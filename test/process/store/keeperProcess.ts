/** "hosts" as the second argument opens the state as a database of the host. A process that applies the item, says when it is created, answers the create when it is told to, and says how the apply ended. */
import * as Effect from "effect/Effect"
import { applyItem, hostsStoreIn } from "./keeper.ts"

const [, , folder = "", store = ""] = process.argv

const created = Effect.callback<void>((resume) => {
  process.stdin.once("data", () => resume(Effect.void))
  process.stdout.write("created\n")
})

const result = await Effect.runPromise(
  Effect.result(applyItem(folder, created, store === "hosts" ? hostsStoreIn(folder) : undefined)),
)
process.stdout.write(`${result._tag === "Success" ? result.success.join() : result.failure._tag}\n`)
process.stdin.destroy()
