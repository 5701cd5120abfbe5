/** When an operator makes calls again, as two Schedules. They are made from the numbers in the settings, or given by a host that links a plugin in. */
import * as Duration from "effect/Duration"
import * as Schedule from "effect/Schedule"
import * as Effect from "effect/Effect"
import { type Failure, longestRetryAfterMillis } from "../protocol/ErrorCode.ts"
import type { OperatorSettings, PollSettings, RetrySettings } from "../protocol/Settings.ts"
import type { AcceptedWork } from "./OperatorState.ts"

/**
 * When the calls of an operation are made again. A schedule only times the calls
 * that may be repeated: after a terminal failure, or an ambiguous failure of a
 * create whose type has the idempotency `none`, it is not asked. One that throws
 * ends its own operation with `UnforeseenError` and no other.
 */
export interface OperatorSchedules {
  /**
   * The delay before each new try of a call that failed. Its input is the
   * failure, so that `Schedule.while` can look at the code. When it ends, the
   * operation fails with the last failure. It starts over when the provider
   * has answered. Where the provider asks to wait for longer, the wait is as
   * long as it asks, up to five minutes.
   */
  readonly retry: Schedule.Schedule<unknown, Failure>
  /**
   * The delay before each question about accepted work, which is its input. When
   * it ends, the operation fails with `ServiceTimeout`, which leaves open
   * whether the provider will finish the work.
   */
  readonly poll: Schedule.Schedule<unknown, AcceptedWork>
}

/** The schedules that the settings of an agent make. */
export const operatorSchedules = (settings: Pick<OperatorSettings, "retry" | "poll">): OperatorSchedules => ({
  retry: retrySchedule(settings.retry),
  poll: pollSchedule(settings.poll),
})

/** The same schedule, which waits for at least as long as the provider asks, up to `longestRetryAfterMillis`. */
export const obeyingRetryAfter = (retry: OperatorSchedules["retry"]): OperatorSchedules["retry"] =>
  Schedule.modifyDelay(retry, ({ duration, input: { retryAfterMillis } }) =>
    Effect.succeed(
      retryAfterMillis === undefined
        ? duration
        : Duration.max(duration, Duration.millis(Math.min(retryAfterMillis, longestRetryAfterMillis))),
    ),
  )

/** Delays from the base, doubled each time up to the cap, jittered, and limited in number. */
export const retrySchedule = ({ baseMillis, capMillis, maxRetries }: RetrySettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis)), Schedule.spaced(Duration.millis(capMillis))]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times: maxRetries }),
  )

/**
 * For how long, in milliseconds, a `NotFound` of a create or an update is
 * retried: what it refers to may have been created just before, and some
 * services do not show that everywhere at once. After that, the name is wrong.
 */
const unseenMillis = 10_000

/** The same schedule, which ends sooner where the provider does not find what an operation refers to. */
export const endingUnseen = (retry: OperatorSchedules["retry"]): OperatorSchedules["retry"] =>
  Schedule.while(retry, ({ elapsed, input }) => input.code !== "NotFound" || elapsed < unseenMillis)

/** Delays from the base that grow by the factor up to the cap, without end: accepted work ends by itself. */
export const pollSchedule = ({ baseMillis, capMillis, factor }: PollSettings) =>
  Schedule.min([Schedule.exponential(Duration.millis(baseMillis), factor), Schedule.spaced(Duration.millis(capMillis))])
