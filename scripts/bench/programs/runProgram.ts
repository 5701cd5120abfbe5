/** Runs a program of the bench by itself, and reads the one line that it prints. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Applied, ManyPlugins } from "../report/Results.ts"

const execute = promisify(execFile)

const printed = async (program: string, given: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await execute(
    process.execPath,
    ["--conditions=formae-source", fileURLToPath(new URL(program, import.meta.url)), ...given],
    { env: { ...process.env, NODE_ENV: "production" }, maxBuffer: 64 * 1024 * 1024 },
  )
  return stdout.trim().split("\n").at(-1) ?? ""
}

export const apply = async (plugins: string, folder: string, resources: number): Promise<Applied> =>
  JSON.parse(await printed("apply.ts", [plugins, folder, String(resources)]))

export const crowd = async (
  directory: string,
  { each, inFlight, plugins }: { readonly plugins: number; readonly inFlight: number; readonly each: number },
): Promise<ManyPlugins> =>
  JSON.parse(await printed("crowd.ts", [directory, String(plugins), String(inFlight), String(each)]))

export const bundle = async (folder: string): Promise<void> => {
  await printed("bundle.ts", [folder])
}
