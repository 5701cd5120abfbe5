/** How long events are kept: a pure decision. */

/** How long events are kept. The newest one always is: its number is where the next one goes on. */
export interface EventRetention {
  /** How many events are kept at most. */
  readonly maxEvents: number
  /** How long an event is kept, in milliseconds. */
  readonly maxAgeMillis: number
}

/** As many as some hundred large commands have, and as long as the commands themselves are kept. */
export const defaultEventRetention: EventRetention = {
  maxEvents: 100_000,
  maxAgeMillis: 30 * 24 * 60 * 60 * 1000,
}

/** So many events may be in the log beyond what is kept: they are deleted together. */
const slack = 256

/** What is deleted of a log from `first` to `last`: the events before `number`, and those of before `time`. Undefined where it is not yet worth a look. */
export const outdated = (
  { maxAgeMillis, maxEvents }: EventRetention,
  { last, lookedAt, now }: { readonly last: number; readonly lookedAt: number | undefined; readonly now: number },
): { readonly number: number; readonly time: number } | undefined =>
  lookedAt !== undefined && last - lookedAt < slack
    ? undefined
    : { number: Math.max(last - maxEvents + 1, 0), time: now - maxAgeMillis }
