/** What a terminal shows of the work under way at one moment. */
import type { OperatorSettings } from "../../protocol/index.ts"
import { formatElapsed } from "../formatDuration.ts"
import { type Cell, formatTable } from "../formatTable.ts"
import { type Line, type Span, span } from "../Line.ts"
import type { LiveWork, Pending, Running } from "./LiveWork.ts"
import { nextTryAt } from "./retryTimes.ts"

/** How a plugin is asked to make a failed call again. */
type Retry = OperatorSettings["retry"]

/** The moment, and the terminal. */
export interface Moment {
  /** In milliseconds since 1970. */
  readonly now: number
  readonly width?: number | undefined
  /** How many lines the terminal has. */
  readonly height?: number | undefined
  readonly retry: Retry
  /** When the plugin of a resource type is started again, in milliseconds since 1970. Undefined where it has not crashed. */
  readonly restartAt: (type: string) => number | undefined
}

/** Nobody reads more, and they are drawn again and again. */
const maxRows = 30

/** Of a terminal that does not say its height. */
const usualHeight = 24

/** The title, the summary, and the line where the cursor is. */
const otherLines = 3

const within = (until: number, now: number): string =>
  until - now < 500 ? "now" : `in ${formatElapsed(until - now + 500)}`

const runningCell = ({ last, type }: Running, { now, restartAt, retry }: Moment): Cell => {
  const restart = restartAt(type)
  if (restart !== undefined) return span(`waits for its plugin, which starts again ${within(restart, now)}`, "updated")
  if (last === undefined) return "started"
  const { attempts, failure, nativeId } = last.progress
  const next = nextTryAt(last.progress, last.at, retry)
  if (failure === undefined) return nativeId === undefined ? "in progress" : `in progress (${nativeId})`
  const reason = `${failure.code}: ${failure.message}`
  // The tries of a question about accepted work are not counted.
  return next === undefined
    ? span(`retrying after ${reason}`, "updated")
    : span(`attempt ${attempts + 1} of ${retry.maxRetries + 1} ${within(next, now)}, after ${reason}`, "updated")
}

/** So many of the labels that something waits for are named. */
const namedLabels = 3

const pendingText = ({ waitsFor }: Pending): string => {
  if (waitsFor.length === 0) return "waits for its turn"
  const others = waitsFor.length - namedLabels
  return `waits for ${waitsFor.slice(0, namedLabels).join(", ")}${others > 0 ? ` and ${others} more` : ""}`
}

const columns = [{ title: "label", shrink: "cut" }, "operation", "time", { title: "now", shrink: "end" }] as const

const summaryOf = (work: LiveWork, hidden: number, now: number): Line => {
  const { done, failed, total } = work.counts()
  const [since, end] = [work.since(), work.estimatedEnd()]
  const parts: ReadonlyArray<Span> = [
    span(`${done} of ${total} done`),
    ...(failed > 0 ? [span(", "), span(`${failed} failed`, "failed")] : []),
    ...(hidden > 0 ? [span(`, ${hidden} more under way`)] : []),
    ...(since === undefined ? [] : [span(`, ${formatElapsed(now - since)}`)]),
    // What takes longer than before has no estimate any more.
    ...(end === undefined || end - now < 500 ? [] : [span(`, about ${formatElapsed(end - now + 500)} left`, "quiet")]),
  ]
  return parts
}

/** The work under way, then what waits, as far as there is room, and a summary. */
export const liveLines = (work: LiveWork, moment: Moment): ReadonlyArray<Line> => {
  const { height = usualHeight, now, width } = moment
  const room = Math.max(Math.min(height - otherLines, maxRows), 0)
  const running = work.running()
  const shown = running.slice(0, room)
  const rows: ReadonlyArray<ReadonlyArray<Cell>> = [
    ...shown.map((one) => [one.label, one.doing, formatElapsed(now - one.since), runningCell(one, moment)]),
    ...work
      .pending(room - shown.length)
      .map((one) => [span(one.label, "quiet"), span(one.operation, "quiet"), "", span(pendingText(one), "quiet")]),
  ]
  const summary = summaryOf(work, running.length - shown.length, now)
  return rows.length === 0 ? [summary] : [...formatTable(columns, rows, width), summary]
}
