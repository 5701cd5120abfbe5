/** Runs what was typed. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { makeFormae } from "./commandTree.ts"
import { checkProcess } from "./checkProcess.ts"
import { layerPermission } from "./layerPermission.ts"
import { libraryConsole } from "./Outputs.ts"
import { presenter } from "./presenter.ts"
import { printJsonError } from "./printResult.ts"
import { Trust } from "./trust/Trust.ts"
import { namedCommand, wantsJson } from "./TypedWords.ts"

/** Runs the command that was typed. A failure is not printed yet, but for a mistake in the flags, with the JSON that `--json` asks for. */
export const runCommand = (typed: ReadonlyArray<string>, version: string): Effect.Effect<void, CommandFailure> =>
  Effect.andThen(
    Effect.tapError(checkProcess, ({ error }) =>
      error === undefined || !wantsJson(typed) ? Effect.void : printJsonError(namedCommand(typed), "refused", error),
    ),
    Command.runWith(makeFormae(version), { version })(typed),
  ).pipe(
    // Any other error is a mistake in the flags, and the parser has printed it.
    Effect.mapError((error) =>
      error._tag === "CommandFailure" ? error : new CommandFailure({ exitCode: exitCodes.badInput, message: "" }),
    ),
    Effect.provideService(Console.Console, libraryConsole),
    Effect.provideService(CliOutput.Presenter, presenter(typed)),
    Effect.provide(Trust.layer.pipe(Layer.provideMerge(layerPermission), Layer.provideMerge(NodeServices.layer))),
  )
