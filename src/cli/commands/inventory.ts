import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { makeCommandResult, withNotes } from "../../agent/commands/CommandResult.ts"
import { Agent } from "../../agent/index.ts"
import { failed, refused } from "../agentFailures.ts"
import { CommandFailure } from "../CommandFailure.ts"
import { conversionNotes } from "../conversionNotes.ts"
import { openStateToRead } from "../openState.ts"
import { resourceInOrder } from "../inSchemaOrder.ts"
import { layerAgent } from "../layerAgent.ts"
import { printJsonList } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { runOnAgent } from "../runOnAgent.ts"
import { type AgentFlags, agentFlags } from "../SharedFlags.ts"

/** Prints as JSON what `runOnAgent` would, while it is read: there may be more than fits in memory. */
const printInventory = (flags: AgentFlags) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const { notes, resources } = yield* Effect.mapError(agent.inventoryStream, failed)
    const result = withNotes(makeCommandResult("inventory", []), [...notes, ...(yield* conversionNotes)])
    const { command, resources: _empty, status, ...rest } = result
    const pages = Stream.chunks(Stream.map(resources, resourceInOrder)).pipe(
      Stream.mapError((error) => cutOff(failed(error))),
    )
    yield* printJsonList({ command, status }, "resources", pages, rest)
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(true, "inventory"),
  )

/** A part of the result is printed already, so the error goes to stderr alone. */
const cutOff = ({ exitCode, message }: CommandFailure): CommandFailure =>
  new CommandFailure({ exitCode, message: `The list on stdout is not complete. ${message}` })

export const inventory = Command.make("inventory", agentFlags, (flags) =>
  flags.json
    ? printInventory(flags)
    : runOnAgent("inventory", flags, (agent) => agent.inventory, failed, { openStore: openStateToRead }),
).pipe(Command.withDescription("List the resources that exist, as formae last saw them"))
