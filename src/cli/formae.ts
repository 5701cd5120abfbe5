/** All that the command can do. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { checkProcess } from "./checkProcess.ts"
import { adopt } from "./commands/adopt.ts"
import { apply } from "./commands/apply.ts"
import { destroy } from "./commands/destroy.ts"
import { forget } from "./commands/forget.ts"
import { generateTypes } from "./commands/generateTypes.ts"
import { graph } from "./commands/graph.ts"
import { inventory } from "./commands/inventory.ts"
import { output } from "./commands/output.ts"
import { mv } from "./commands/mv.ts"
import { plan } from "./commands/plan.ts"
import { plugin } from "./commands/plugin.ts"
import { plugins } from "./commands/plugins.ts"
import { policy } from "./commands/policy.ts"
import { resume } from "./commands/resume.ts"
import { show } from "./commands/show.ts"
import { trust } from "./commands/trust.ts"
import { unlock } from "./commands/unlock.ts"
import { validate } from "./commands/validate.ts"
import { layerPermission } from "./layerPermission.ts"
import { libraryConsole } from "./Outputs.ts"
import { presenter } from "./presenter.ts"
import { printJsonError } from "./printResult.ts"
import { Trust } from "./trust/Trust.ts"
import { namedCommand, wantsJson } from "./TypedWords.ts"

const formae = Command.make("formae").pipe(
  Command.withDescription(
    "Create, update and delete cloud resources until they are as a document says. Exit codes: 0 done, 1 something failed, 2 bad input or a no, 3 a plan with --detailed-exitcode has something to do, 129, 130 and 143 stopped by SIGHUP, SIGINT and SIGTERM",
  ),
  Command.withSubcommands([
    apply,
    plan,
    validate,
    graph,
    destroy,
    resume,
    adopt,
    forget,
    unlock,
    inventory,
    output,
    show,
    mv,
    trust,
    plugins,
    plugin,
    policy,
    generateTypes,
  ]),
)

/** Runs the command that was typed. A failure is not printed yet, but for a mistake in the flags, with the JSON that `--json` asks for. */
export const runCommand = (typed: ReadonlyArray<string>, version: string): Effect.Effect<void, CommandFailure> =>
  Effect.andThen(
    Effect.tapError(checkProcess, ({ error }) =>
      error === undefined || !wantsJson(typed) ? Effect.void : printJsonError(namedCommand(typed), "refused", error),
    ),
    Command.run(formae, { version }),
  ).pipe(
    // Any other error is a mistake in the flags, and the parser has printed it.
    Effect.mapError((error) =>
      error._tag === "CommandFailure" ? error : new CommandFailure({ exitCode: exitCodes.badInput, message: "" }),
    ),
    Effect.provideService(Console.Console, libraryConsole),
    Effect.provideService(CliOutput.Presenter, presenter(typed)),
    Effect.provide(Trust.layer.pipe(Layer.provideMerge(layerPermission), Layer.provideMerge(NodeServices.layer))),
  )
