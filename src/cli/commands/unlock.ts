import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { StateOwnership, type Unlocked } from "../../agent/index.ts"
import { formatTime } from "../../protocol/formatTime.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { failed } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { openState } from "../openState.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, state, trust } from "../SharedFlags.ts"
import { refuseElsewhere } from "../staying/namedAgent.ts"
import { stateExists } from "../stateFiles.ts"
import { requireTrust } from "../trust/requireTrust.ts"

/** What was looked at and done, in words. */
const describe = (stateFile: string, { lock, removed, wasElsewhere }: Unlocked): string => {
  if (removed === undefined) {
    return `Nobody holds the state ${stateFile}: ${lock} is free, and the state names no holder. Nothing was changed`
  }
  const { host, kind, pid, since } = removed
  const found = wasElsewhere
    ? "Its process cannot be seen from here; if it is still running, it can write nothing more to the state"
    : kind === "lock"
      ? "It ended without giving the state back"
      : "Its process has ended"
  return `Removed the holder of the state ${stateFile}: formae (pid ${pid} on ${host}, since ${formatTime(since)}). ${found}. Looked at: ${lock}, which is free, and the holder that the state names`
}

export const unlock = Command.make("unlock", { json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    yield* refuseElsewhere("unlock")
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["state"])
    const stateFile = stateFileOf(flags, settings)
    if (!(yield* stateExists(stateFile))) {
      return yield* badInput("StateMissing", `There is no state file ${stateFile}, so there is nothing to unlock`)
    }
    const unlocked = yield* StateOwnership.use((ownership) => ownership.unlock).pipe(
      Effect.provide(StateOwnership.layer.pipe(Layer.provide(openState(stateFile)))),
      Effect.mapError((error) =>
        error._tag === "StoreUnavailable" ? badInput(error._tag, error.message) : failed(error),
      ),
    )
    const { lock, removed = null, wasElsewhere } = unlocked
    yield* flags.json
      ? printJson({ command: "unlock", status: "succeeded", lock, removed, wasElsewhere })
      : printLast(describe(stateFile, unlocked))
  }).pipe(withJsonError(flags.json, "unlock")),
).pipe(
  Command.withDescription(
    "Free a state whose holder is gone, such as one on a host that no longer exists. Refuses while a live holder is seen. After a crash on this host it is not needed: the next command takes the state over",
  ),
  Command.withExamples([
    { command: "formae unlock", description: "Free the state in .formae/state.db" },
    { command: "formae unlock --state shop.db", description: "Free another state file" },
  ]),
)
