import type { ProviderCall } from "./FailingProvider.ts"

/** The calls in the lines of a provider's log. A line that is none is left out. */
export const readProviderLog = (lines: ReadonlyArray<string>): ReadonlyArray<ProviderCall> =>
  lines.flatMap((line) => {
    const [, at, kind] = /^(\d+) (create|status)\b/.exec(line) ?? []
    return at === undefined || kind === undefined ? [] : [{ at: Number(at), kind }]
  })
