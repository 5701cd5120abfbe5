import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Store } from "../../agent/index.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { refused } from "../agentFailures.ts"
import { shellWord } from "../advice/shellWord.ts"
import { badInput } from "../CommandFailure.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, state, trust } from "../SharedFlags.ts"
import { refuseElsewhere } from "../staying/namedAgent.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const target = Argument.String("file").pipe(Argument.withDescription("The file to make. Nothing is overwritten"))

export const backUpState = Command.make("backup", { target, json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    yield* refuseElsewhere("state backup")
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["state"])
    const stateFile = stateFileOf(flags, settings)
    if (Store.isPostgresUrl(stateFile)) {
      return yield* badInput(
        "StateOnServer",
        `The state ${stateFile} is on a server, and is backed up with it, as by pg_dump. "formae state copy ${shellWord(stateFile)} ${shellWord(flags.target)}" copies it to a file`,
      )
    }
    const made = yield* Effect.mapError(Store.backUpTo(stateFile, flags.target), refused)
    yield* flags.json
      ? printJson({ command: "state backup", status: "succeeded", state: stateFile, ...made })
      : printLast(
          `Copied the state ${stateFile} to ${made.backup} (${made.bytes} bytes), and checked that the copy can be opened. The key of its secrets, ${made.key}, is not in it: keep a copy of the key in another place`,
        )
  }).pipe(withJsonError(flags.json, "state backup")),
).pipe(
  Command.withDescription("Copy the state to a new file, also while a command or an agent works with it"),
  Command.withExamples([
    { command: "formae state backup shop-monday.db", description: "Copy the state in .formae/state.db" },
  ]),
)
