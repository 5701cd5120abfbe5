/** The Node that runs formae. */
import * as Effect from "effect/Effect"
import * as SemVer from "effect/SemVer"
import * as SemVerRange from "effect/SemVerRange"
import { agentVersion } from "../../../agent/version.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem } from "../Finding.ts"

/** As package.json has it. */
export const neededNode = "^22.19 || >=24"

const range = SemVerRange.parseUnsafe(neededNode)

/** `version` is that of Node, `program` the path of its program. */
export const nodeFinding = (version: string, program: string): Finding => {
  const parsed = SemVer.parse(version)
  const facts = `Node ${version} (${program}) runs formae ${SemVer.format(agentVersion)}`
  // What is built between releases, such as 25.0.0-nightly, has what the release will have.
  return parsed._tag === "Success" && SemVerRange.matches(range, SemVer.release(parsed.success))
    ? ok(facts)
    : problem(
        `${facts}, which needs Node 22.19 or later, but not 23`,
        "Install Node 24 or later, and run formae with it",
      )
}

export const node: Check = {
  name: "node",
  boundMillis: seconds(5),
  look: () => Effect.sync(() => [nodeFinding(process.versions.node, process.execPath)]),
}
