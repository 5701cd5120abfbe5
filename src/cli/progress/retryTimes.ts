/** When a failed call is made again, as far as its plugin has been told. */
import { type InProgress, longestRetryAfterMillis, type OperatorSettings } from "../../protocol/index.ts"

/** How a plugin is asked to make a failed call again. */
type Retry = OperatorSettings["retry"]

/** The delay before the next try, without its jitter, in milliseconds. */
export const delayAfter = (attempts: number, { baseMillis, capMillis }: Retry): number =>
  Math.min(baseMillis * 2 ** (attempts - 1), capMillis)

/** When the next of the counted tries is, in milliseconds since 1970, after a failure that came at `at`. Undefined where there is none. */
export const nextTryAt = ({ attempts, failure, requestId }: InProgress, at: number, retry: Retry): number | undefined =>
  failure !== undefined && requestId === undefined && attempts > 0 && attempts <= retry.maxRetries
    ? at + Math.max(delayAfter(attempts, retry), Math.min(failure.retryAfterMillis ?? 0, longestRetryAfterMillis))
    : undefined
