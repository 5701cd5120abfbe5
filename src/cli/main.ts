/** The formae command. What only asks for its version loads nothing else. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/version.ts"
import { checkProcess } from "./checkProcess.ts"
import { commandLogger } from "./commandLogger.ts"
import { printLast, printProgress } from "./Outputs.ts"
import { runMain } from "./runMain.ts"
import { asksForVersion } from "./TypedWords.ts"

const typed = process.argv.slice(2)
const version = SemVer.format(agentVersion)

const command = asksForVersion(typed)
  ? // As the parser prints it.
    Effect.andThen(checkProcess, printLast(`formae v${version}`))
  : Effect.flatMap(
      Effect.promise(() => import("./formae.ts")),
      ({ runCommand }) => runCommand(typed, version),
    )

command.pipe(
  Effect.tapError(({ lines, message }) => (message === "" ? Effect.void : printProgress(...(lines ?? [message])))),
  Effect.tapDefect((defect) =>
    printProgress("formae crashed unexpectedly; this is a bug in formae.", Cause.pretty(Cause.die(defect))),
  ),
  Effect.provideService(References.MinimumLogLevel, "Warn"),
  Effect.provide(Logger.layer([commandLogger])),
  runMain,
)
