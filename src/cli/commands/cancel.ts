import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent, type CommandList } from "../../agent/index.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { openStateToRead } from "../openState.ts"
import { layerAgent } from "../layerAgent.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags } from "../SharedFlags.ts"

const id = Argument.String("id").pipe(
  Argument.withDescription('The id of the command, or its beginning; "formae commands" lists them'),
)

/** The commands that have not ended and whose id begins so. */
const runningWith = ({ commands }: CommandList, prefix: string) =>
  commands.filter(
    ({ commandId, status }) => commandId.startsWith(prefix) && ["waiting", "asking", "running"].includes(status),
  )

export const cancel = Command.make("cancel", { id, ...agentFlags }, (flags) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const [found, ...more] = runningWith(yield* Effect.mapError(agent.commands(), failed), flags.id)
    if (found === undefined)
      return yield* badInput("CommandUnknown", `No command with the id ${flags.id} runs or waits`)
    if (more.length > 0) {
      return yield* badInput(
        "CommandUnclear",
        `The ids of ${more.length + 1} commands begin with ${flags.id}. Write more of the id`,
      )
    }
    const { command, commandId, forma } = found
    if (!(yield* agent.stop(commandId))) {
      return yield* badInput(
        "CommandElsewhere",
        `The ${command} of ${forma} (${commandId}) does not run in an agent that stays. Stop the process that runs it`,
      )
    }
    yield* flags.json
      ? printJson({ command: "cancel", status: "succeeded", commandId })
      : printLast(
          `The ${command}${forma === "" ? "" : ` of ${forma}`} (${commandId}) starts no new work, and stops at the next safe point`,
        )
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(flags.json, "cancel"),
  ),
).pipe(
  Command.withDescription(
    "Ask a command of the agent to stop at the next safe point. A resume, or the same command again, continues it",
  ),
)
