/** A worker thread that applies the item, says when it is created, and answers the create when it is told to. */
import * as Effect from "effect/Effect"
import { parentPort, workerData } from "node:worker_threads"
import { applyItem } from "./keeper.ts"

const created = Effect.callback<void>((resume) => {
  parentPort?.once("message", () => resume(Effect.void))
  parentPort?.postMessage("created")
})

parentPort?.postMessage(await Effect.runPromise(applyItem(workerData, created)))
parentPort?.close()
