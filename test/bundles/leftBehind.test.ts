import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { isGone, untilGone } from "../process/processState.ts"
import { sleeper } from "../process/guard/sleepers.ts"
import { untilNothingIsLeft } from "./leftBehind.ts"

/** Nothing else is the run here: this process is the parent of what it starts. */
const nobody = 0

it.live("what a run has left is named with its command line and ended, and what is of no run stays", () =>
  Effect.gen(function* () {
    const mark = `run-${process.pid}`
    const [ours, others] = yield* Effect.all([sleeper({ OF: mark }), sleeper({ OF: `another-${process.pid}` })])
    const said = yield* Effect.flip(untilNothingIsLeft(mark, nobody, "100 millis"))
    assert.include(said, `${ours} /bin/sleep 1000`)
    yield* untilGone(ours)
    assert.isFalse(isGone(others))
    yield* untilNothingIsLeft(mark, nobody)
  }),
)

it.live("the workers of a run, and what ends by itself, are not left behind", () =>
  Effect.gen(function* () {
    const mark = `workers-of-${process.pid}`
    const worker = yield* sleeper({ OF: mark })
    yield* untilNothingIsLeft(mark, process.pid)
    process.kill(worker, "SIGKILL")
    yield* untilNothingIsLeft(mark, nobody)
  }),
)
