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
import { type LiveLines, makeLiveLines, printProgress as print } from "./Outputs.ts"
import { formatTable } from "./formatTable.ts"
import { movesCursor } from "./movesCursor.ts"

/** How a plugin is asked to make a failed call again. */
type Retry = OperatorSettings["retry"]

/** The delay before the next try, without its jitter. */
const delayAfter = (attempts: number, { baseMillis, capMillis }: Retry): number =>
  Math.min(baseMillis * 2 ** (attempts - 1), capMillis)

export const describeProgress = (event: Extract<ChangeEvent, { _tag: "Progressed" }>, retry: Retry): string => {
  const { attempts, failure, nativeId, requestId } = event.progress
  if (failure !== undefined && requestId === undefined && attempts > 0 && attempts <= retry.maxRetries) {
    const next = formatDuration(delayAfter(attempts, retry))
    return `try ${attempts} of ${retry.maxRetries + 1} failed with ${failure.code}: ${failure.message}; the next is in about ${next}`
  }
  // The tries of a question about accepted work are not counted.
  if (failure !== undefined) return `retrying after ${failure.code}: ${failure.message}`
  return nativeId === undefined ? "in progress" : `in progress (${nativeId})`
}

/** A replace is two actions, so it says which one has started. */
const describeStart = ({ action, change: { operation } }: Extract<ChangeEvent, { _tag: "Started" }>): string =>
  operation === "replace" ? `${operation} (${action === "remove" ? "delete" : "create"})` : operation

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

const columns = [{ title: "label", shrink: "cut" }, "operation", { title: "now", shrink: "cut" }] as const

/** More rows of work under way would not fit on a terminal. */
const maxRows = 20

/** Runs something while no lines are drawn again and again. */
export type WithoutLiveLines = <A>(effect: Effect.Effect<A>) => Effect.Effect<A>

/** A table of the work under way. It is redrawn at each event and cleared at the end. */
const liveTable = (
  name: CommandName,
  retry: Retry,
  live: LiveLines,
): { readonly observe: ChangeObserver; readonly clear: Effect.Effect<void>; readonly without: WithoutLiveLines } => {
  const underWay = new Map<string, ReadonlyArray<string>>()
  let total = 0
  let done = 0
  let failures = 0
  let isHidden = false

  const redraw = Effect.sync(() => {
    if (isHidden) return
    const rows = [...underWay.values()].slice(0, maxRows)
    const hidden = underWay.size - rows.length
    const summary = `${done} of ${total} done${failures > 0 ? `, ${failures} failed` : ""}${hidden > 0 ? `, ${hidden} more in progress` : ""}`
    live.draw(...(rows.length === 0 ? [] : formatTable(columns, rows, live.width())), summary)
  })

  /** A line that stays above the table. */
  const say = (line: string) => Effect.andThen(Effect.sync(live.clear), print(line))

  const hide = Effect.sync(() => {
    isHidden = true
    live.clear()
  })

  return {
    clear: Effect.sync(live.clear),
    without: (effect) =>
      Effect.ensuring(
        Effect.andThen(hide, effect),
        Effect.sync(() => void (isHidden = false)),
      ),
    observe: (event) => {
      switch (event._tag) {
        case "Resuming":
          return say(describeResuming(event))
        case "Began":
          return Effect.void
        case "Planned": {
          total += event.changes.filter(({ operation }) => operation !== "noop").length
          const plan = name === "resume" ? describePlan(name, event) : undefined
          return plan === undefined ? Effect.void : say(plan)
        }
        case "Started":
          underWay.set(event.change.label, [event.change.label, describeStart(event), "started"])
          return redraw
        case "Progressed":
          underWay.set(event.change.label, [event.change.label, event.change.operation, describeProgress(event, retry)])
          return redraw
        case "Finished": {
          const wasShown = underWay.delete(event.result.label)
          if (event.result.error !== null) failures += 1
          if (wasShown) done += 1
          return redraw
        }
      }
    },
  }
}

/** Runs a command, and shows its progress on stderr. */
export const withProgress = <A, E, R>(
  name: CommandName,
  retry: Retry,
  run: (observe: ChangeObserver, withoutLiveLines: WithoutLiveLines) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    if (yield* movesCursor) {
      const { clear, observe, without } = liveTable(name, retry, yield* makeLiveLines)
      return yield* Effect.ensuring(run(observe, without), clear)
    }
    return yield* run(plainLines(name, retry), (effect) => effect)
  })
