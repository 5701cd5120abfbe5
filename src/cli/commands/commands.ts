import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { Agent, type ListedCommand } from "../../agent/index.ts"
import { formatTime } from "../../protocol/formatTime.ts"
import { failed, refused } from "../agentFailures.ts"
import { formatTable } from "../formatTable.ts"
import { openStateToRead } from "../openState.ts"
import { commandInOrder } from "../inSchemaOrder.ts"
import { layerAgent } from "../layerAgent.ts"
import { printJson, printLines, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags } from "../SharedFlags.ts"

const columns = ["started", "command", "document", "status", "asked by", { title: "id", shrink: "cut" }] as const

const statusOf = ({ status, waitsFor }: ListedCommand): string =>
  waitsFor === null
    ? status
    : `${status} for ${waitsFor.command}${waitsFor.forma === "" ? "" : ` of ${waitsFor.forma}`}`

const rowOf = (one: ListedCommand): ReadonlyArray<string> => [
  formatTime(one.startedAt),
  one.command,
  one.forma === "" ? "all" : one.forma,
  statusOf(one),
  one.askedBy ?? "unknown",
  one.commandId,
]

export const commands = Command.make("commands", agentFlags, (flags) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const list = yield* Effect.mapError(agent.commands(), failed)
    if (flags.json) {
      const listed = list.commands.map(commandInOrder)
      return yield* printJson({ command: "commands", status: "succeeded", ...list, commands: listed })
    }
    const rows = list.commands.map(rowOf)
    yield* printLines([
      ...(rows.length === 0 ? ["There are no commands"] : formatTable(columns, rows, yield* stdoutWidth)),
      ...list.unreadable.map(({ message }) => message),
    ])
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(flags.json, "commands"),
  ),
).pipe(Command.withDescription("List the commands that run or wait, and the last ones, and who asked for them"))
