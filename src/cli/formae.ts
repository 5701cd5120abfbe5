/** Runs what was typed. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import { CommandFailure, exitCodes } from "./CommandFailure.ts"
import { makeFormae } from "./commandTree.ts"
import { hiddenWord } from "./completion/hiddenWord.ts"
import { checkProcess } from "./checkProcess.ts"
import { layerPermission } from "./layerPermission.ts"
import { layerTerminal } from "./layerTerminal.ts"
import { ReadBefore } from "./config/readConfig.ts"
import { libraryConsole } from "./Outputs.ts"
import { presenter } from "./presenter.ts"
import { printJsonError } from "./printResult.ts"
import { withTelemetry } from "./telemetry/withTelemetry.ts"
import { Trust } from "./trust/Trust.ts"
import { namedCommand, wantsJson } from "./TypedWords.ts"

/** The shell for whose script `--completions` asks, if it is one whose script asks for names too. */
const askingShell = (typed: ReadonlyArray<string>): "bash" | "zsh" | undefined => {
  const [flag, shell] = typed.length === 1 ? (typed[0] ?? "").split("=", 2) : typed
  if (flag !== "--completions" || typed.length > 2) return undefined
  return shell === "zsh" ? "zsh" : shell === "bash" || shell === "sh" ? "bash" : undefined
}

/** What is typed only for and by the script of a shell. Undefined where it is a command. */
const completionIn = (typed: ReadonlyArray<string>, version: string) => {
  const shell = askingShell(typed)
  const isAsked = typed[0] === hiddenWord
  if (shell === undefined && !isAsked) return undefined
  return Effect.gen(function* () {
    // Loaded here because no command needs it.
    const { complete, printScript } = yield* Effect.promise(() => import("./completion/complete.ts"))
    const root = makeFormae(version)
    yield* shell === undefined ? complete(root, typed.slice(1)) : printScript(shell, root)
  }).pipe(Effect.provide(Layer.provideMerge(layerPermission, NodeServices.layer)))
}

/** Runs the command that was typed. A failure is not printed yet, but for a mistake in the flags, with the JSON that `--json` asks for. */
export const runCommand = (typed: ReadonlyArray<string>, version: string): Effect.Effect<void, CommandFailure> =>
  completionIn(typed, version) ??
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
    withTelemetry(namedCommand(typed)),
    Effect.provideService(ReadBefore, new Map()),
    Effect.provideService(Console.Console, libraryConsole),
    Effect.provideService(CliOutput.Presenter, presenter(typed)),
    Effect.provide(
      Trust.layer.pipe(
        Layer.provideMerge(layerPermission),
        Layer.provideMerge(layerTerminal),
        Layer.provideMerge(NodeServices.layer),
      ),
    ),
  )
