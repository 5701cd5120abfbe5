import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { LaunchProcesses } from "../../../src/agent/launch/LaunchProcesses.ts"
import { LaunchId } from "../../../src/protocol/Identity.ts"
import { untilGone, zombiesOf } from "../processState.ts"
import { sleeper, started } from "./sleepers.ts"

describe("the processes of a launch", () => {
  it.live("are those with exactly its id, with their groups, and without zombies", () =>
    Effect.gen(function* () {
      const { find, signal } = yield* LaunchProcesses
      const launch = LaunchId.make("found-1")
      const ours = yield* sleeper({ FIRST: "1", FORMAE_LAUNCH: "found-1" })
      const other = yield* sleeper({ FORMAE_LAUNCH: "found-1" })
      yield* sleeper({ FORMAE_LAUNCH: "found-11" })
      yield* sleeper({ QUOTED: "FORMAE_LAUNCH=found-1" })
      yield* sleeper({ LINES: "two\nFORMAE_LAUNCH=found-1\nlines" })
      // Its child ends, and it never asks how.
      const careless = yield* started("/bin/sh", ["-c", "/bin/true & exec /bin/sleep 1000"], {
        FORMAE_LAUNCH: "found-1",
      })
      yield* Effect.repeat(
        Effect.sync(() => zombiesOf(careless)),
        { until: (zombies) => zombies.length > 0 },
      )
      assert.sameMembers(
        (yield* find(launch)).map(({ pid }) => pid),
        [ours, other, careless],
      )
      assert.deepEqual(
        (yield* find(launch)).filter(({ group, pid }) => group !== pid),
        [],
      )
      yield* signal(ours, "SIGTERM")
      yield* untilGone(ours)
      assert.sameMembers(
        (yield* find(launch)).map(({ pid }) => pid),
        [other, careless],
      )
      // That it is gone is no failure.
      yield* signal(ours, "SIGTERM")
    }).pipe(Effect.provide(LaunchProcesses.layerProc.pipe(Layer.provide(NodeServices.layer)))),
  )
})
