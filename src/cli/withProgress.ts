/** Shows the progress of a command on stderr: a live table on a terminal, plain lines elsewhere. */
import * as Effect from "effect/Effect"
import type * as Stdio from "effect/Stdio"
import type { CommandName } from "../agent/index.ts"
import type { ChangeObserver } from "../agent/apply/ChangeEvent.ts"
import { makeChangeAdvice } from "./advice/makeChangeAdvice.ts"
import { describeChange, describePlan, describeResuming, describeWaiting, type Retry } from "./describeChange.ts"
import { movesCursor } from "./movesCursor.ts"
import { makeLiveLines, printProgress as print } from "./Outputs.ts"
import { type LiveTable, type LiveTableOptions, makeLiveTable, type WithoutLiveLines } from "./progress/liveTable.ts"

/** One line for each event. A resource that needs no change gets none. */
const plainLines =
  (name: CommandName, retry: Retry, adviceFor = makeChangeAdvice()): ChangeObserver =>
  (event) => {
    const line = describeChange(event, { name, retry, adviceFor })
    return line === undefined ? Effect.void : print(line)
  }

/** A live table, and above it what a resume is going to do. */
const liveObserver =
  (name: CommandName, { observe, say }: LiveTable): ChangeObserver =>
  (event) => {
    if (event._tag === "Resuming") return say(print(describeResuming(event)))
    if (event._tag === "Waiting") return say(print(describeWaiting(event)))
    const plan = event._tag === "Planned" && name === "resume" ? describePlan(name, event) : undefined
    return plan === undefined ? observe(event) : Effect.andThen(say(print(plan)), observe(event))
  }

/** Runs a command, and shows its progress on stderr. */
export const withProgress = <A, E, R>(
  name: CommandName,
  options: LiveTableOptions,
  run: (observe: ChangeObserver, withoutLiveLines: WithoutLiveLines) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    if (!(yield* movesCursor)) return yield* run(plainLines(name, options.retry), (effect) => effect)
    return yield* Effect.scoped(
      Effect.gen(function* () {
        const table = yield* makeLiveTable(yield* makeLiveLines, options)
        return yield* run(liveObserver(name, table), table.without)
      }),
    )
  })
