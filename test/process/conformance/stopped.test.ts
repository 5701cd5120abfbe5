import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import { fileURLToPath } from "node:url"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { testPlugin } from "../../../src/testing/conformance/index.ts"
import { isGone, processesWith } from "../processState.ts"

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/plugins/${name}`, import.meta.url))

it.live("a run that is stopped deletes what it has made", () =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const store = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
    const created = yield* Deferred.make<void>()
    // It goes no further, so that nothing is in flight when it is stopped.
    const run = yield* testPlugin({
      directory: fixture("wrong"),
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

it.live("P4: a run ends what a plugin has started in sessions of its own", () =>
  Effect.gen(function* () {
    // Plugins inherit it, as all that concerns the language.
    const mark = { LC_RUN_OF_TEST: `orphans-of-${process.pid}` }
    const seen: Array<number> = []
    yield* testPlugin({
      directory: fixture("museum/leaves-an-orphan"),
      checks: ["frames.ids"],
      observe: () => Effect.sync(() => void seen.push(...processesWith(mark.LC_RUN_OF_TEST))),
    }).pipe(Effect.provideService(HostEnvironment, { ...process.env, ...mark }))
    assert.isNotEmpty(seen)
    const left = processesWith(mark.LC_RUN_OF_TEST).filter((pid) => !isGone(pid))
    for (const pid of left) process.kill(pid, "SIGKILL")
    assert.deepEqual(left, [])
  }).pipe(Effect.provide(NodeServices.layer)),
)
