import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import type * as Keeper from "./keeper.ts"
import { applyItem } from "./keeper.ts"

const creates = (folder: string) => readFileSync(join(folder, "creates.log"), "utf8").trim().split("\n").length

const thread = (folder: string) =>
  Effect.acquireRelease(
    Effect.sync(
      () =>
        new Worker(new URL("keeperThread.ts", import.meta.url), {
          workerData: folder,
          execArgv: ["--conditions=formae-source"],
        }),
    ),
    (worker) => Effect.promise(() => worker.terminate()),
  )

const nextMessage = (worker: Worker) =>
  Effect.callback<unknown, unknown>((resume) => {
    worker.once("message", (message) => resume(Effect.succeed(message)))
    worker.once("error", (error) => resume(Effect.fail(error)))
  })

const assertInUse = (folder: string) =>
  Effect.map(Effect.flip(applyItem(folder)), (error) => {
    assert.deepInclude(error, { _tag: "StateInUse", pid: process.pid })
  })

/** Another copy of the keeper and of all that it imports of this repository, as if the package were installed twice. */
const importCopy = Effect.promise(async (): Promise<typeof Keeper> => {
  const source = new URL("../../../", import.meta.url).href
  const isOurs = (url: string) => url.startsWith(source) && !url.includes("/node_modules/")
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context)
      return context.parentURL?.endsWith("?copy") === true && isOurs(found.url)
        ? { ...found, url: `${found.url}?copy` }
        : found
    },
  })
  try {
    return await import(new URL("keeper.ts?copy", import.meta.url).href)
  } finally {
    hooks.deregister()
  }
})

describe("a state that several agents of one process share", () => {
  it.live("is in use while a worker thread applies to it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const worker = yield* thread(folder)
      assert.strictEqual(yield* nextMessage(worker), "created")
      yield* assertInUse(folder)
      worker.postMessage("answer")
      assert.deepEqual(yield* nextMessage(worker), ["create succeeded"])
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
      assert.strictEqual(creates(folder), 1)
    }),
  )

  it.live("is free again when that thread was ended in mid-create, and the create is finished", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const worker = yield* thread(folder)
      assert.strictEqual(yield* nextMessage(worker), "created")
      yield* Effect.promise(() => worker.terminate())
      assert.deepEqual(yield* applyItem(folder), ["create succeeded"])
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
    }),
  )

  it.live("is in use while another copy of the package applies to it", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const copy = yield* importCopy
      assert.notStrictEqual(copy.applyItem, applyItem)
      const [created, answer] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const waits = Effect.andThen(Deferred.succeed(created, undefined), Deferred.await(answer))
      const applying = yield* Effect.forkChild(copy.applyItem(folder, waits))
      yield* Effect.raceFirst(Deferred.await(created), Fiber.join(applying))
      yield* assertInUse(folder)
      yield* Deferred.succeed(answer, undefined)
      assert.deepEqual(yield* Fiber.join(applying), ["create succeeded"])
      assert.strictEqual(creates(folder), 1)
    }),
  )
})
