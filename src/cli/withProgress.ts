/** Shows the progress of a command on stderr: a live table on a terminal, plain lines elsewhere. */
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { createLogUpdate } from "log-update"
import type { ChangeEvent, ChangeObserver } from "../agent/apply/ChangeEvent.ts"
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import { adviceForChange } from "./advice/adviceForChange.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { formatDuration } from "./formatDuration.ts"
import { isUnderWay } from "./formatResult.ts"
import { formatTable } from "./formatTable.ts"

const describeProgress = (event: Extract<ChangeEvent, { _tag: "Progressed" }>): string => {
  const { failure, nativeId } = event.progress
  if (failure !== undefined) return `retrying after ${failure.code}: ${failure.message}`
  return nativeId === undefined ? "in progress" : `in progress (${nativeId})`
}

/** A replace is two actions, so it says which one has started. */
const describeStart = ({ action, change: { operation } }: Extract<ChangeEvent, { _tag: "Started" }>): string =>
  operation === "replace" ? `${operation} (${action === "remove" ? "delete" : "create"})` : operation

const describeResult = (result: ResourceResult): string => {
  const { durationMillis, error, nativeId, operation, status } = result
  if (status === "canceled") return isUnderWay(result) ? "still in progress" : "not started"
  if (error !== null) {
    const message = `${operation === "noop" ? "" : `${operation} `}failed: ${error.code}: ${error.message}`
    return withAdvice(message, adviceForChange(error))
  }
  return `${operation} done in ${formatDuration(durationMillis)}${nativeId === null ? "" : ` (${nativeId})`}`
}

/** One line for each event. A resource that needs no change gets none. */
const plainLines =
  (print: (line: string) => Effect.Effect<void>): ChangeObserver =>
  (event) => {
    switch (event._tag) {
      case "Began":
        return Effect.void
      case "Planned": {
        const work = event.changes.filter(({ operation }) => operation !== "noop").length
        return work === 0 ? Effect.void : print(`${work} of ${event.changes.length} resources to change`)
      }
      case "Started":
        return print(`${event.change.label}: ${describeStart(event)}`)
      case "Progressed":
        return print(`${event.change.label}: ${describeProgress(event)}`)
      case "Finished":
        return event.result.operation === "noop" && event.result.error === null
          ? Effect.void
          : print(`${event.result.label}: ${describeResult(event.result)}`)
    }
  }

/** More rows of work under way would not fit on a terminal. */
const maxRows = 20

/** A table of the work under way. It is redrawn at each event and cleared at the end. */
const liveTable = (
  stream: NodeJS.WriteStream,
): { readonly observe: ChangeObserver; readonly clear: Effect.Effect<void> } => {
  const draw = createLogUpdate(stream)
  const underWay = new Map<string, ReadonlyArray<string>>()
  let total = 0
  let done = 0
  let failures = 0

  const redraw = Effect.sync(() => {
    const rows = [...underWay.values()].slice(0, maxRows)
    const hidden = underWay.size - rows.length
    const summary = `${done} of ${total} done${failures > 0 ? `, ${failures} failed` : ""}${hidden > 0 ? `, ${hidden} more in progress` : ""}`
    draw(rows.length === 0 ? summary : `${formatTable(["label", "operation", "now"], rows)}\n${summary}`)
  })

  return {
    clear: Effect.sync(() => draw.clear()),
    observe: (event) => {
      switch (event._tag) {
        case "Began":
          return Effect.void
        case "Planned":
          total = event.changes.filter(({ operation }) => operation !== "noop").length
          return Effect.void
        case "Started":
          underWay.set(event.change.label, [event.change.label, describeStart(event), "started"])
          return redraw
        case "Progressed":
          underWay.set(event.change.label, [event.change.label, event.change.operation, describeProgress(event)])
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
  run: (observe: ChangeObserver) => Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R | Stdio.Stdio> =>
  Effect.gen(function* () {
    const stdio = yield* Stdio.Stdio
    if (yield* stdio.stderrIsTerminal) {
      const { clear, observe } = liveTable(process.stderr)
      return yield* Effect.ensuring(run(observe), clear)
    }
    const print = (line: string) => Effect.ignore(Stream.run(Stream.succeed(`${line}\n`), stdio.stderr()))
    return yield* run(plainLines(print))
  })
