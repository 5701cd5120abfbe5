import { runProgram } from "../programs/runProgram.ts"
import type { ApplyResult, ScaleResult } from "../report/Results.ts"

/** Applies so many FakeAWS resources with the journal on. Leaves the cloud and the state in `folder`. */
export const measureApply = async (plugins: string, folder: string, resources: number): Promise<ApplyResult> =>
  JSON.parse(await runProgram("apply.ts", [plugins, folder, String(resources)]))

/** Reads, applies and plans again so many FakeAWS resources. Leaves the cloud and the state in `folder`. */
export const measureScale = async (plugins: string, folder: string, resources: number): Promise<ScaleResult> =>
  JSON.parse(await runProgram("scale.ts", [plugins, folder, String(resources)]))
