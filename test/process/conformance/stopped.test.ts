import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import { fileURLToPath } from "node:url"
import { testPlugin } from "../../../src/testing/conformance/index.ts"

const directory = fileURLToPath(new URL("../../fixtures/plugins/wrong", import.meta.url))

it.live("a run that is stopped deletes what it has made", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const store = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
    const created = yield* Deferred.make<void>()
    // It goes no further, so that nothing is in flight when it is stopped.
    const run = yield* testPlugin({
      directory,
      target: { store },
      observe: ({ id }) =>
        id === "type.create" ? Effect.andThen(Deferred.succeed(created, undefined), Effect.never) : Effect.void,
    }).pipe(Effect.forkChild)
    yield* Deferred.await(created)
    assert.isNotEmpty(yield* fs.readDirectory(store))
    yield* Fiber.interrupt(run)
    assert.deepEqual(yield* fs.readDirectory(store), [])
  }).pipe(Effect.provide(NodeServices.layer)),
)
