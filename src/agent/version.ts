/** The version of the agent. A test checks that it is the one in package.json. */
import * as SemVer from "effect/SemVer"

/** The version of this agent. Plugins may require a minimum. */
export const agentVersion: SemVer.SemVer = SemVer.parseUnsafe("0.2.0")

/**
 * The version of what formae gives to programs: `--json`, events, saved plans, the
 * API. Within it fields and kinds may be added; none is removed or gets another
 * meaning.
 */
export const schemaVersion = 1
