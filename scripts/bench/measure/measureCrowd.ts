import { makeCrowd } from "../programs/makeCrowd.ts"
import { runProgram } from "../programs/runProgram.ts"
import type { CrowdResult } from "../report/Results.ts"

export interface CrowdForm {
  readonly plugins: number
  /** Calls in flight to each plugin. */
  readonly inFlight: number
  /** Calls one after another, in each place in flight. */
  readonly each: number
}

/** Calls many plugins at once, copies in `folder` of the one in `plugin`. */
export const measureCrowd = async (
  plugin: string,
  folder: string,
  { each, inFlight, plugins }: CrowdForm,
): Promise<CrowdResult> => {
  await makeCrowd(plugin, folder, plugins)
  return JSON.parse(await runProgram("crowd.ts", [folder, String(plugins), String(inFlight), String(each)]))
}
