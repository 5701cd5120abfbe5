/** The events of a command in words, one line for each. */
import type { ChangeEvent } from "../agent/apply/ChangeEvent.ts"
import type { ResourceResult } from "../agent/apply/ResourceResult.ts"
import type { CommandName } from "../agent/index.ts"
import type { OperatorSettings } from "../protocol/index.ts"
import { formatTime } from "../protocol/formatTime.ts"
import type { makeChangeAdvice } from "./advice/makeChangeAdvice.ts"
import { withAdvice } from "./advice/withAdvice.ts"
import { formatDuration } from "./formatDuration.ts"
import { describeCanceled } from "./happenings.ts"
import { describeStart } from "./progress/LiveWork.ts"
import { nextTryAt } from "./progress/retryTimes.ts"

/** How a plugin is asked to make a failed call again. */
export type Retry = OperatorSettings["retry"]

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
  // What was only written down took no time.
  const time = operation === "adopt" ? "" : ` in ${formatDuration(durationMillis)}`
  return `${operation} done${time}${nativeId === null ? "" : ` (${nativeId})`}`
}

/** A resume names what it continues, because nobody has named it before. */
export const describeResuming = ({
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
export const describePlan = (name: CommandName, { changes, forma }: Extract<ChangeEvent, { _tag: "Planned" }>) => {
  const work = changes.filter(({ operation }) => operation !== "noop")
  if (work.length === 0) return undefined
  const count = `${work.length} of ${changes.length} resources to change`
  if (name !== "resume") return count
  return `${forma}: ${count}: ${work.map(({ label, operation }) => `${label} (${operation})`).join(", ")}`
}

/** What decides the words. */
interface Words {
  /** A resume names what it continues. */
  readonly name: CommandName
  readonly retry: Retry
  readonly adviceFor: ReturnType<typeof makeChangeAdvice>
}

/** An event in one line. Undefined where there is nothing to say, such as of a resource that needs no change. */
export const describeChange = (event: ChangeEvent, { adviceFor, name, retry }: Words): string | undefined => {
  switch (event._tag) {
    case "Waiting":
      return describeWaiting(event)
    case "Resuming":
      return describeResuming(event)
    case "Began":
      return undefined
    case "Planned":
      return describePlan(name, event)
    case "Started":
      return `${event.change.label}: ${describeStart(event)}`
    case "Progressed":
      return `${event.change.label}: ${describeProgress(event, retry)}`
    case "Finished":
      return event.result.operation === "noop" && event.result.error === null
        ? undefined
        : `${event.result.label}: ${describeResult(event.result, adviceFor)}`
  }
}
