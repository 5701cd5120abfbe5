import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as FileSystem from "effect/FileSystem"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import { fileChanges, namesOf } from "../../../src/cli/config/fileChanges.ts"

const event = (_tag: "Create" | "Remove" | "Update", path: string): FileSystem.WatchEvent => ({ _tag, path })

describe("the changes of a configuration file", () => {
  it("are those of the file that was named, or of each that could be found", () => {
    assert.deepEqual(namesOf("conf/agent.yaml"), ["agent.yaml"])
    assert.deepEqual(namesOf(undefined), ["formae.config.yaml", "formae.config.yml", "formae.config.json"])
  })

  it.effect("are seen once it has settled, as when an editor replaces it, and no other file is looked at", () =>
    Effect.gen(function* () {
      const events = yield* Queue.unbounded<FileSystem.WatchEvent>()
      const seen: Array<string> = []
      const running = yield* Effect.forkChild(
        Stream.runForEach(fileChanges(Stream.fromQueue(events), namesOf(undefined)), (name) =>
          Effect.sync(() => void seen.push(name)),
        ),
        { startImmediately: true },
      )
      for (const one of [
        event("Remove", "/a/formae.config.yaml"),
        event("Create", "/a/formae.config.yaml"),
        event("Update", "formae.config.yaml"),
      ]) {
        yield* Queue.offer(events, one)
        yield* TestClock.adjust("150 millis")
        assert.deepEqual(seen, [])
      }
      yield* Queue.offer(events, event("Update", "/a/.formae.config.yaml.swp"))
      yield* Queue.offer(events, event("Update", "/a/network.yaml"))
      yield* TestClock.adjust("50 millis")
      assert.deepEqual(seen, ["formae.config.yaml"])
      yield* TestClock.adjust("1 minute")
      assert.deepEqual(seen, ["formae.config.yaml"])
      yield* Fiber.interrupt(running)
    }),
  )
})
