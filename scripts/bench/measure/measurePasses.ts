/** Measures the commands that go through all resources of a state, each in a process of its own: the peak of one hides that of no other. */
import { startPostgres } from "../../../test/postgres/startPostgres.ts"
import { runProgram } from "../programs/runProgram.ts"
import { passNames, type PassResult } from "../report/Results.ts"

/** Over a state that has so many resources, whose cloud is in `folder`. */
export const measurePasses = async (
  plugins: string,
  state: string,
  folder: string,
  resources: number,
): Promise<ReadonlyArray<PassResult>> => {
  const results: Array<PassResult> = []
  for (const name of passNames) {
    results.push(JSON.parse(await runProgram("passes.ts", [plugins, state, folder, name, String(resources)])))
  }
  return results
}

/** Over a state on a server of its own, after an apply that is not measured. */
export const measurePostgresPasses = async (
  plugins: string,
  folder: string,
  resources: number,
): Promise<ReadonlyArray<PassResult>> => {
  const server = await startPostgres()
  try {
    const state = server.urlOf("scale")
    await runProgram("passes.ts", [plugins, state, folder, "apply", String(resources)])
    return await measurePasses(plugins, state, folder, resources)
  } finally {
    await server.stop()
  }
}
