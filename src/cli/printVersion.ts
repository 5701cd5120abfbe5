/** `formae --version` alone, as the parser of the command answers it: a bundle starts this in the place of the whole command. */
import * as Effect from "effect/Effect"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/version.ts"
import { checkProcess } from "./checkProcess.ts"
import { printLast } from "./Outputs.ts"
import { runReported } from "./runReported.ts"

runReported(Effect.andThen(checkProcess, printLast(`formae v${SemVer.format(agentVersion)}`)))
