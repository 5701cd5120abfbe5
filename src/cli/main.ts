/** The formae command. */
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/version.ts"
import { runCommand } from "./formae.ts"
import { runReported } from "./runReported.ts"

runReported(runCommand(process.argv.slice(2), SemVer.format(agentVersion)))
