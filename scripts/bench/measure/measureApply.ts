import { runProgram } from "../programs/runProgram.ts"
import type { ApplyResult, PassResult, ScaleResult } from "../report/Results.ts"
import { measurePasses } from "./measurePasses.ts"

/** Applies so many FakeAWS resources with the journal on. Leaves the cloud and the state in `folder`. */
export const measureApply = async (plugins: string, folder: string, resources: number): Promise<ApplyResult> =>
  JSON.parse(await runProgram("apply.ts", [plugins, folder, String(resources)]))

/** Reads, applies and plans again so many FakeAWS resources, and then goes through them all. Leaves the cloud and the state in `folder`. */
export const measureScale = async (
  plugins: string,
  folder: string,
  resources: number,
): Promise<{ readonly scale: ScaleResult; readonly passes: ReadonlyArray<PassResult> }> => ({
  scale: JSON.parse(await runProgram("scale.ts", [plugins, folder, String(resources)])),
  passes: await measurePasses(plugins, `${folder}/state.db`, folder, resources),
})
