/** Runs a program of this folder in a process of its own. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"

/** The last line that the program prints. Throws if it ends with another code than 0. */
export const runProgram = async (file: string, args: ReadonlyArray<string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=formae-source", fileURLToPath(new URL(file, import.meta.url)), ...args],
    { env: { ...process.env, NODE_ENV: "production" }, maxBuffer: 64 * 1024 * 1024 },
  )
  return stdout.trim().split("\n").at(-1) ?? ""
}
