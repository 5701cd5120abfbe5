/** How long a service asks its callers to wait, as HTTP says it. */

/** Headers in milliseconds, which are more precise than the standard one. */
const inMilliseconds = ["retry-after-ms", "x-ms-retry-after-ms", "x-amz-retry-after"]

/**
 * The wait that the headers of a response ask for, in whole milliseconds, for
 * `retryAfterMillis` of a `ProviderError`. Undefined if they ask for none. A
 * time of day is compared with the `Date` of the same response, because the
 * clocks of two machines differ. `header` gives the value of a header, whose
 * name it is given in lower case.
 *
 * @example
 * ```ts
 * import { ProviderError, retryAfterIn } from "formae/plugin"
 *
 * const throttled = (response: Response) =>
 *   new ProviderError({ code: "Throttling", message: "the shop is busy" }).after(
 *     retryAfterIn((name) => response.headers.get(name)),
 *   )
 * ```
 */
export const retryAfterIn = (header: (name: string) => string | null | undefined): number | undefined => {
  for (const name of inMilliseconds) {
    const millis = numberIn(header(name))
    if (millis !== undefined) return Math.ceil(millis)
  }
  const standard = header("retry-after")
  const seconds = numberIn(standard)
  if (seconds !== undefined) return Math.ceil(seconds * 1_000)
  const wait = Date.parse(standard ?? "") - Date.parse(header("date") ?? "")
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

const numberIn = (text: string | null | undefined): number | undefined =>
  text !== undefined && text !== null && /^\s*\d{1,9}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined
