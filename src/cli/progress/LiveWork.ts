/** The changes of a command while it runs: which are under way since when, and which wait for what. */
import type { ChangeEvent, PlannedChange } from "../../agent/index.ts"
import { estimateMillis } from "./estimate.ts"
import { makeWaits } from "./waits.ts"

/** A change that is under way. Times are in milliseconds since 1970. */
export interface Running {
  readonly label: string
  readonly type: string
  /** What is done. */
  readonly doing: string
  readonly since: number
  /** What the plugin reported last, and when. */
  readonly last?: { readonly progress: Progress; readonly at: number }
}

type Progress = Extract<ChangeEvent, { _tag: "Progressed" }>["progress"]

/** A change that has not begun, and the labels that it waits for. None is its turn. */
export interface Pending {
  readonly label: string
  readonly operation: string
  readonly waitsFor: ReadonlyArray<string>
}

export interface LiveWork {
  /** Takes an event of the command in. */
  readonly note: (event: ChangeEvent, now: number) => void
  /** In the order in which they began. */
  readonly running: () => ReadonlyArray<Running>
  /** As many of those that have not begun. */
  readonly pending: (limit: number) => ReadonlyArray<Pending>
  readonly counts: () => { readonly total: number; readonly done: number; readonly failed: number }
  /** When the first of it was planned or begun. Undefined until then. */
  readonly since: () => number | undefined
  /** When it all ends, by what such changes took before. Undefined where that is not known. */
  readonly estimatedEnd: () => number | undefined
}

const keyOf = (forma: string, label: string): string => `${forma} ${label}`

/** A replace is two actions, so it says which one has started. */
export const describeStart = ({ action, change: { operation } }: Extract<ChangeEvent, { _tag: "Started" }>): string =>
  operation === "replace" ? `${operation} (${action === "remove" ? "delete" : "create"})` : operation

interface Waiter {
  readonly change: PlannedChange
  readonly forma: string
  readonly waitsFor: (change: PlannedChange) => ReadonlyArray<string>
}

export const makeLiveWork = (): LiveWork => {
  const running = new Map<string, Running>()
  const waiting = new Map<string, Waiter>()
  let counts = { total: 0, done: 0, failed: 0 }
  let since: number | undefined
  let estimatedEnd: number | undefined

  const plan = ({ changes, forma, usual }: Extract<ChangeEvent, { _tag: "Planned" }>, now: number): void => {
    const work = changes.filter(({ operation }) => operation !== "noop")
    const waitsFor = makeWaits(work)
    counts = { ...counts, total: counts.total + work.length }
    for (const change of work) waiting.set(keyOf(forma, change.label), { change, forma, waitsFor })
    const millis = estimateMillis(work, usual)
    // Commands on several formae follow each other.
    estimatedEnd = millis === undefined || work.length === 0 ? undefined : Math.max(now, estimatedEnd ?? now) + millis
  }

  const start = (event: Extract<ChangeEvent, { _tag: "Started" }>, now: number): void => {
    const { label, type } = event.change
    const key = keyOf(event.forma, label)
    // What an earlier command has left is taken up before anything is planned.
    if (!waiting.delete(key) && !running.has(key)) counts = { ...counts, total: counts.total + 1 }
    // A replace goes on with its second step.
    running.set(key, { label, type, doing: describeStart(event), since: running.get(key)?.since ?? now })
  }

  const pendingOf = ({ change, forma, waitsFor }: Waiter): Pending => ({
    label: change.label,
    operation: change.operation,
    waitsFor: waitsFor(change).filter((label) => {
      const key = keyOf(forma, label)
      return waiting.has(key) || running.has(key)
    }),
  })

  return {
    note: (event, now) => {
      if (event._tag === "Planned" || event._tag === "Started") since ??= now
      switch (event._tag) {
        case "Planned":
          return plan(event, now)
        case "Started":
          return start(event, now)
        case "Progressed": {
          const key = keyOf(event.forma, event.change.label)
          const { label, operation, type } = event.change
          const known = running.get(key) ?? { label, type, doing: operation, since: now }
          running.set(key, { ...known, last: { progress: event.progress, at: now } })
          return
        }
        case "Finished": {
          const { error, label } = event.result
          const key = keyOf(event.forma, label)
          const wasWaiting = waiting.delete(key)
          const wasRunning = running.delete(key)
          counts = {
            ...counts,
            done: counts.done + (wasWaiting || wasRunning ? 1 : 0),
            failed: counts.failed + (error === null ? 0 : 1),
          }
          return
        }
        default:
          return
      }
    },
    running: () => [...running.values()],
    pending: (limit) => {
      const some: Array<Pending> = []
      for (const waiter of waiting.values()) {
        if (some.length >= limit) break
        some.push(pendingOf(waiter))
      }
      return some
    },
    counts: () => counts,
    since: () => since,
    estimatedEnd: () => estimatedEnd,
  }
}
