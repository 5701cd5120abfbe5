/** Shows the progress of a command on stderr: a live table on a terminal, plain lines elsewhere. */
import * as Effect from "effect/Effect"
import type * as Stdio from "effect/Stdio"
import type { CommandName } from "../agent/index.ts"
import type { ChangeEvent, ChangeObserver } from "../agent/apply/ChangeEvent.ts"
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import type { OperatorSettings } from "../protocol/index.ts"
import { formatTime } from "../protocol/formatTime.ts"
import { makeChangeAdvice } from "./advice/makeChangeAdvice.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { formatDuration } from "./formatDuration.ts"
import { describeCanceled } from "./happenings.ts"
import { movesCursor } from "./movesCursor.ts"
import { makeLiveLines, printProgress as print } from "./Outputs.ts"
import { type LiveTable, type LiveTableOptions, makeLiveTable, type WithoutLiveLines } from "./progress/liveTable.ts"
import { describeStart } from "./progress/LiveWork.ts"
import { nextTryAt } from "./progress/retryTimes.ts"

/** How a plugin is asked to make a failed call again. */
type Retry = OperatorSettings["retry"]

export const describeProgress = (event: Extract<ChangeEvent, { _tag: "Progressed" }>, retry: Retry): string => {
  const { attempts, failure, nativeId } = event.progress
  const untilNext = nextTryAt(event.progress, 0, retry)
  if (failure !== undefined && untilNext !== undefined) {
    const next = formatDuration(untilNext)
    return `try ${attempts} of ${retry.maxRetries + 1} failed with ${failure.code}: ${failure.message}; the next is in about ${next}`
  }
  // The tries of a question about accepted work are not counted.
  if (failure !== undefined) return `retrying after ${failure.code}: ${failure.message}`
  return nativeId === undefined ? "in progress" : `in progress (${nativeId})`
}

const describeResult = (result: ResourceResult, adviceFor: ReturnType<typeof makeChangeAdvice>): string => {
  const { durationMillis, error, nativeId, operation, status } = result
  if (status === "canceled") return describeCanceled(result)
  if (error !== null) {
    const message = `${operation === "noop" ? "" : `${operation} `}failed: ${error.code}: ${error.message}`
    return withAdvice(message, adviceFor(error))
  }
  return `${operation} done in ${formatDuration(durationMillis)}${nativeId === null ? "" : ` (${nativeId})`}`
}

/** A resume names what it continues, because nobody has named it before. */
const describeResuming = ({
  ended,
  forma,
  open,
  startedAt,
  what,
}: Extract<ChangeEvent, { _tag: "Resuming" }>): string => {
  const when = startedAt === undefined ? "" : `, started at ${formatTime(startedAt)}`
  const labels = open.length === 0 ? "" : `; not ended: ${open.join(", ")}`
  return `resuming the ${what} of ${forma}${when}, ${ended}${labels}`
}

/** Whom a command waits for. It begins by itself once that one has ended. */
export const describeWaiting = ({ waitsFor }: Extract<ChangeEvent, { _tag: "Waiting" }>): string => {
  if (waitsFor === null) return "waiting for another command that works on the same document or resources"
  const { command, commandId, forma } = waitsFor
  return `waiting for the ${command}${forma === "" ? "" : ` of ${forma}`} (${commandId}), which works on the same document or resources`
}

/** What is going to be changed, by name in a resume. Undefined if it is nothing. */
const describePlan = (name: CommandName, { changes, forma }: Extract<ChangeEvent, { _tag: "Planned" }>) => {
  const work = changes.filter(({ operation }) => operation !== "noop")
  if (work.length === 0) return undefined
  const count = `${work.length} of ${changes.length} resources to change`
  if (name !== "resume") return count
  return `${forma}: ${count}: ${work.map(({ label, operation }) => `${label} (${operation})`).join(", ")}`
}

/** One line for each event. A resource that needs no change gets none. */
const plainLines =
  (name: CommandName, retry: Retry, adviceFor = makeChangeAdvice()): ChangeObserver =>
  (event) => {
    switch (event._tag) {
      case "Waiting":
        return print(describeWaiting(event))
      case "Resuming":
        return print(describeResuming(event))
      case "Began":
        return Effect.void
      case "Planned": {
        const plan = describePlan(name, event)
        return plan === undefined ? Effect.void : print(plan)
      }
      case "Started":
        return print(`${event.change.label}: ${describeStart(event)}`)
      case "Progressed":
        return print(`${event.change.label}: ${describeProgress(event, retry)}`)
      case "Finished":
        return event.result.operation === "noop" && event.result.error === null
          ? Effect.void
          : print(`${event.result.label}: ${describeResult(event.result, adviceFor)}`)
    }
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
