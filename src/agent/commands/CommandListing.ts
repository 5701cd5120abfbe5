/** Which commands run, which wait, and which have ended: the board of this agent and the journal together. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { SqlError } from "effect/sql/SqlError"
import { WaitedFor } from "../apply/ChangeEvent.ts"
import { StopRequests } from "../operations/StopRequests.ts"
import { Claims } from "../records/Claims.ts"
import type { PastCommand } from "../records/CommandHistory.ts"
import { CommandJournal } from "../records/CommandJournal.ts"
import { StateOwnership } from "../records/StateOwnership.ts"
import type { AgentUnreachable } from "./AgentUnreachable.ts"
import { type BoardEntry, CommandBoard } from "./CommandBoard.ts"
import { CommandError, commandErrorOf } from "./CommandError.ts"

/**
 * Where a command stands.
 *
 * - `waiting`: for another command, or, with `asking`, for an answer.
 * - `running`: it is under way.
 * - `cut off`: it has not ended, and no process runs it.
 * - `superseded`: a later command of its forma has replaced it.
 */
export const CommandState = Schema.Literals([
  "waiting",
  "asking",
  "running",
  "cut off",
  "succeeded",
  "failed",
  "canceled",
  "superseded",
])
export type CommandState = typeof CommandState.Type | never

/** One command. */
export class ListedCommand extends Schema.Opaque<ListedCommand>()(
  Schema.Struct({
    /** Identifies the command. */
    commandId: Schema.String,
    /** What it was asked to do. */
    command: Schema.String,
    /** The name of its forma. Empty in a command on all of them. */
    forma: Schema.String,
    /** Where it stands. */
    status: CommandState,
    /** The command that it waits for. Null where it waits for none, or it is not known which. */
    waitsFor: Schema.NullOr(WaitedFor),
    /** In milliseconds since 1970. */
    startedAt: Schema.Finite,
    /** In milliseconds since 1970. Null where it has not ended. */
    endedAt: Schema.NullOr(Schema.Finite),
    /** Who has asked for it. Null where that is not known. */
    askedBy: Schema.NullOr(Schema.String),
  }),
) {}

/** The commands of a state. */
export class CommandList extends Schema.Opaque<CommandList>()(
  Schema.Struct({
    /** The newest first. */
    commands: Schema.Array(ListedCommand),
    /** What else may be there, but cannot be read. */
    unreadable: Schema.Array(CommandError),
  }),
) {}

/** Lists at most so many commands of the journal (50 by default), and all that have not ended. */
export type ListCommandsOfAgent = (options?: {
  readonly limit?: number | undefined
}) => Effect.Effect<CommandList, AgentUnreachable | SqlError>

/** The state of a command in the journal. `isHere`: this agent runs it. `isElsewhere`: another agent may. */
export const stateOf = (
  { status }: Pick<PastCommand, "status">,
  { isElsewhere, isHere }: { readonly isHere: boolean; readonly isElsewhere: boolean },
): CommandState => {
  if (isHere) return "running"
  if (status !== "running") return status
  return isElsewhere ? "running" : "cut off"
}

export const makeCommandListing = Effect.gen(function* () {
  const board = yield* CommandBoard
  const claims = yield* Claims
  const journal = yield* CommandJournal
  const ownership = yield* StateOwnership
  const stops = yield* StopRequests

  const list: ListCommandsOfAgent = Effect.fn("Agent.commands")(function* ({ limit = 50 } = {}) {
    const entries = new Map((yield* board.entries).map((entry) => [entry.commandId, entry]))
    const elsewhere = new Map((yield* claims.waitingElsewhere).map((one) => [one.commandId, one]))
    const isElsewhere = !(yield* ownership.isMine) && (yield* ownership.isHeld)
    const { commands, unreadable } = yield* journal.list(limit)
    const past = yield* Effect.forEach(commands, (one) =>
      Effect.map(stops.isRegistered(one.commandId), (isHere): ListedCommand => {
        const status = stateOf(one, { isHere, isElsewhere })
        const entry = entries.get(one.commandId)
        entries.delete(one.commandId)
        const waits = elsewhere.delete(one.commandId)
        const stands =
          entry === undefined ? { status: waits ? ("waiting" as const) : status, waitsFor: null } : standOf(entry)
        return { ...one, ...stands, endedAt: isHere ? null : one.endedAt }
      }),
    )
    const begun = [...entries.values()].map((entry): ListedCommand => ({
      commandId: entry.commandId,
      command: entry.command,
      forma: entry.forma,
      ...standOf(entry),
      startedAt: entry.since,
      endedAt: null,
      askedBy: entry.askedBy,
    }))
    const waiting = [...elsewhere.values()].map(({ since, ...one }): ListedCommand => ({
      ...one,
      status: "waiting",
      waitsFor: null,
      startedAt: since,
      endedAt: null,
      askedBy: null,
    }))
    return {
      commands: [...begun, ...waiting, ...past].toSorted((one, other) => other.startedAt - one.startedAt),
      unreadable: unreadable.map(commandErrorOf),
    }
  })
  return list
})

const standOf = ({ phase, waitsFor }: BoardEntry): Pick<ListedCommand, "status" | "waitsFor"> => ({
  status: phase,
  waitsFor: waitsFor ?? null,
})
