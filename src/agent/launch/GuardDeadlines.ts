/** Times at which the guard kills a launch by itself, as lines for its script. */
import type { LaunchId } from "../../protocol/Identity.ts"
import { millisBetween, type Moment } from "../../transport/LeaseTime.ts"

/** How long a line may be on its way to the guard, in milliseconds. One that was longer is told again. */
export const guardDelayMillis = 500

/** A launch that is to end at a moment. */
export interface GuardDeadline {
  readonly number: number
  readonly launch: LaunchId
  /** Of its process group. */
  readonly pid: number
  readonly end: Moment
}

/** The guard counts from when it reads the line, so it is told less than what is left. */
export const armLine = ({ end, launch, number, pid }: GuardDeadline, now: Moment): string => {
  const seconds = Math.max(millisBetween(now, end) - guardDelayMillis, 0) / 1_000
  return `arm ${number} ${Math.floor(seconds * 10) / 10} ${Math.floor(seconds)} ${launch} ${pid}`
}

export const freeLine = (number: number): string => `free ${number}`
