/** What was measured at one moment of a soak. */
import { median } from "./median.ts"

export interface SoakSample {
  readonly seconds: number
  /** What the agent uses after a garbage collection. */
  readonly heapMiB: number
  /** Resident memory of the agent. */
  readonly residentMiB: number
  /** File descriptors that the agent has open. */
  readonly descriptors: number
  /** Resident memory of all plugins together. */
  readonly pluginMiB: number
  /** The median duration of the operations since the last sample. */
  readonly medianMillis: number
  /** How many plugins were killed since the last sample. */
  readonly crashes: number
}

/** How much more each may be: what V8 and the allocator may keep for later, and what a busy machine adds. */
const allowed = { heapMiB: 8, residentMiB: 64, pluginMiB: 64, descriptors: 4, medianMillis: 5 } as const

/** A sentence for each thing that has grown from the first third of the samples to the last by more than is allowed. */
export const soakGrowth = (samples: ReadonlyArray<SoakSample>): ReadonlyArray<string> => {
  const third = Math.floor(samples.length / 3)
  return (Object.keys(allowed) as Array<keyof typeof allowed>).flatMap((name) => {
    const before = median(samples.slice(0, third).map((sample) => sample[name]))
    const after = median(samples.slice(-third).map((sample) => sample[name]))
    return after > before + allowed[name] ? [`${name}: ${before.toFixed(1)} before, ${after.toFixed(1)} after`] : []
  })
}
