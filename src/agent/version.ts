/** The version of this agent. A test holds it to the one in package.json. */
import * as SemVer from "effect/SemVer"

export const agentVersion: SemVer.SemVer = SemVer.parseUnsafe("0.1.0")
