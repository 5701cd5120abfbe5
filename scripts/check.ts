/**
 * `npm run check`: all that can be said of the sources without running a test,
 * side by side. Ends with 1 if one of the checks has failed, and names it.
 */
import { execFileSync } from "node:child_process"
import { type Check, runChecks } from "./checks/runChecks.ts"

const script = (name: string): Check => ({ name, program: "npm", args: ["run", "--silent", name] })

/**
 * What `npm run types` and `npm run diagnostics` find, in one pass: a compiler
 * that knows the rules of Effect too. Each further checker finds out the types of
 * Effect for itself, so more of them than processors only cost time.
 */
const compiler: Check = {
  name: "types and diagnostics",
  program: execFileSync("effect-tsgo", ["get-exe-path"], { encoding: "utf8" }).trim(),
  args: ["--noEmit", "--checkers", "2", ...(process.stdout.isTTY ? ["--pretty"] : [])],
}

const failed = await runChecks(
  [compiler, script("readme:check"), script("lint"), script("format:check")],
  (text) => void process.stdout.write(text),
)
if (failed.length > 0) {
  process.stderr.write(`Failed: ${failed.join(", ")}\n`)
  process.exitCode = 1
}
