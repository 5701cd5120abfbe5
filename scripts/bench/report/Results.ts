/** What a run of the bench has measured, as `--json` writes it. */
import type { Figure } from "./Figure.ts"

/** One apply of so many resources. */
export interface ApplyResult {
  readonly resources: number
  readonly millis: number
  /** Processor time of the agent, without the plugin's. */
  readonly agentCpuMillis: number
  readonly agentPeakMiB: number
}

/** A document of so many resources, one network to nine blocks, read, applied and planned again. */
export interface ScaleResult {
  readonly resources: number
  /** Processor time to read and check the document, in times of what the package `yaml` takes to parse the same text. */
  readonly readYamlRatio: number
  readonly readJsonRatio: number
  readonly applyMillis: number
  /** Processor time of the agent, without the plugin's. */
  readonly applyCpuMillis: number
  readonly planCpuMillis: number
  /** What is reachable when a plan with nothing to do stands: the forma, its rows and the plan. */
  readonly heapMiB: number
  readonly peakMiB: number
}

/** The commands that go through all resources of a state. `inventory --json` is read as a stream, and none of it is held. */
export const passNames = ["sync", "drift", "inventory", "inventory --json"] as const
export type PassName = (typeof passNames)[number]

export const isPassName = (name: string): name is PassName => passNames.some((one) => one === name)

/** One of them, in a process of its own, over so many resources of which none differs. */
export interface PassResult {
  readonly name: PassName
  readonly resources: number
  /** Processor time of the agent, without the plugin's, and without its start. */
  readonly cpuMillis: number
  readonly peakMiB: number
}

/** Calls to many plugins at once. */
export interface CrowdResult {
  readonly plugins: number
  /** Calls in flight, to all plugins together. */
  readonly inFlight: number
  /** How long the median plugin took for its share of the calls, and the slowest. */
  readonly medianMillis: number
  readonly slowestMillis: number
}

export interface Results {
  /** The version of Node, such as `v24.21.0`. */
  readonly node: string
  readonly processor: string
  readonly form: "full" | "quick"
  readonly figures: ReadonlyArray<Figure>
  /** The smallest first. */
  readonly apply: ReadonlyArray<ApplyResult>
  /** The smallest first. */
  readonly scale: ReadonlyArray<ScaleResult>
  /** Over the states that `scale` has left, the smallest first. */
  readonly filePasses: ReadonlyArray<PassResult>
  /** Over states on a Postgres server, the smallest first. */
  readonly postgresPasses: ReadonlyArray<PassResult>
  readonly crowd: CrowdResult | undefined
}
