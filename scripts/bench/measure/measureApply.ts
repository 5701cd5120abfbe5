import { runProgram } from "../programs/runProgram.ts"
import type { ApplyResult } from "../report/Results.ts"

/** Applies so many FakeAWS resources with the journal on. Leaves the cloud and the state in `folder`. */
export const measureApply = async (plugins: string, folder: string, resources: number): Promise<ApplyResult> =>
  JSON.parse(await runProgram("apply.ts", [plugins, folder, String(resources)]))
