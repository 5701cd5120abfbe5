/** The formae command. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../agent/index.ts"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { adopt } from "./commands/adopt.ts"
import { apply } from "./commands/apply.ts"
import { destroy } from "./commands/destroy.ts"
import { forget } from "./commands/forget.ts"
import { generateTypes } from "./commands/generateTypes.ts"
import { inventory } from "./commands/inventory.ts"
import { plan } from "./commands/plan.ts"
import { plugin } from "./commands/plugin.ts"
import { plugins } from "./commands/plugins.ts"
import { policy } from "./commands/policy.ts"
import { resume } from "./commands/resume.ts"
import { unlock } from "./commands/unlock.ts"
import { runMain } from "./runMain.ts"

const formae = Command.make("formae").pipe(
  Command.withDescription(
    "Create, update and delete cloud resources until they are as a document says. Exit codes: 0 done, 1 something failed, 2 bad input, 129, 130 and 143 stopped by SIGHUP, SIGINT and SIGTERM",
  ),
  Command.withSubcommands([
    apply,
    plan,
    destroy,
    resume,
    adopt,
    forget,
    unlock,
    inventory,
    plugins,
    plugin,
    policy,
    generateTypes,
  ]),
)

/** Stdout is for results. Help that the user did not ask for goes to stderr, with the error that it explains. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    const present = CliOutput.defaultPresenter.present(event)
    const wasRequested = event._tag === "Version" || (event._tag === "Help" && event.reason === "Requested")
    return wasRequested
      ? present
      : Console.consoleWith((console) =>
          Effect.provideService(present, Console.Console, { ...console, log: console.error }),
        )
  },
}

Command.run(formae, { version: SemVer.format(agentVersion) }).pipe(
  Effect.tapErrorTag("CommandFailure", ({ message }) => (message === "" ? Effect.void : Console.error(message))),
  // Any other error is a mistake in the flags, and the parser has printed it.
  Effect.mapError((error) =>
    error._tag === "CommandFailure" ? error : new CommandFailure({ exitCode: exitCodes.badInput, message: "" }),
  ),
  Effect.tapDefect((defect) =>
    Console.error(`formae crashed unexpectedly; this is a bug in formae.\n${Cause.pretty(Cause.die(defect))}`),
  ),
  Effect.provideService(References.MinimumLogLevel, "Warn"),
  Effect.provideService(Logger.LogToStderr, true),
  Effect.provideService(CliOutput.Presenter, presenter),
  Effect.provide(NodeServices.layer),
  runMain,
)
