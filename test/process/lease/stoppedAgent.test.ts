/** P17: what an agent has sent that was stopped for longer than its lease is not carried out. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { dirname } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { monotonicMillis } from "../../../src/transport/RunningTime.ts"
import { fakeCloud } from "../clouds.ts"
import { beginIn } from "../formaeCommand.ts"
import { untilGone } from "../processState.ts"

const program = fileURLToPath(new URL("./agentWithLease.ts", import.meta.url))
const leaseMillis = "3000"

type Facts = Readonly<Record<"byHand" | "endsAt" | "fakeAws", number>>

const until = (isTrue: () => boolean) =>
  Effect.repeat(Effect.sync(isTrue), { until: (found) => found, schedule: Schedule.spaced("10 millis") })

/** The calls that have reached the cloud. */
const callsIn = (cloud: string): ReadonlyArray<unknown> => {
  const database = new DatabaseSync(cloud, { readOnly: true })
  try {
    return database
      .prepare("SELECT operation FROM calls ORDER BY seq")
      .all()
      .map(({ operation }) => operation)
  } finally {
    database.close()
  }
}

describe("an agent that was stopped for longer than its lease", () => {
  it.live(
    "finds what lay in the pipe refused, and the plugin killed that knows no leases, which is no crash of it",
    () =>
      Effect.gen(function* () {
        const { cloud } = yield* fakeCloud
        const agent = yield* beginIn(dirname(cloud))(
          process.execPath,
          "--conditions=formae-source",
          program,
          cloud,
          leaseMillis,
        )
        yield* agent.said("endsAt")
        const facts = agent
          .stderr()
          .split("\n")
          .find((line) => line.includes("endsAt"))
        const { byHand, endsAt, fakeAws } = JSON.parse(facts ?? "") as Facts
        // The guard kills it, because the agent is stopped.
        yield* untilGone(byHand)
        const clock = yield* Clock.Clock
        yield* until(() => monotonicMillis(clock) >= endsAt)
        process.kill(fakeAws, "SIGCONT")
        // The create was before the last read.
        const withoutTheCreate = ["create", "read", "read"]
        yield* until(() => callsIn(cloud).length >= withoutTheCreate.length)
        assert.deepEqual(callsIn(cloud), withoutTheCreate)
        yield* agent.signal("SIGCONT")
        const { code, stderr, stdout } = yield* agent.ended
        assert.deepEqual([stdout, code], [`{"late":"LeaseEnded","read":"Failed","byHand":"LeaseEnded"}\n`, 0], stderr)
        assert.deepEqual(callsIn(cloud), withoutTheCreate)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
