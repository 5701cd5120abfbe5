import type { Results } from "./Results.ts"

/**
 * The time and the memory that the largest apply took for each resource, in
 * times of what the smallest took. 1 is linear. Undefined with fewer than two applies.
 */
export const growth = ({ apply }: Results): { readonly millis: number; readonly peakMiB: number } | undefined => {
  const first = apply[0]
  const last = apply.at(-1)
  if (first === undefined || last === undefined || first === last) return undefined
  const times = last.resources / first.resources
  return {
    millis: last.millis / first.millis / times,
    peakMiB: last.agentPeakMiB / first.agentPeakMiB / times,
  }
}
