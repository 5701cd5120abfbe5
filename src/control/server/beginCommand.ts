/** What a request for a command does: begins it, continues it, or finds it. */
import * as Clock from "effect/Clock"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Agent } from "../../agent/Agent.ts"
import { StopRequests } from "../../agent/operations/StopRequests.ts"
import { CommandJournal } from "../../agent/records/CommandJournal.ts"
import type { Caller } from "../api/Access.ts"
import { type ApiCommand, type ApiRecord } from "../api/ApiCommand.ts"
import { schemaVersion } from "../api/version.ts"
import { decideKept, type KeptDecision } from "./keptDecision.ts"
import { type KeptBefore, type KeptRequest, RequestKeys } from "./RequestKeys.ts"
import { FirstRevision, type LiveCommand, makeLiveCommand } from "./LiveCommand.ts"
import { commandOf } from "./runCommand.ts"
import { makeRebuild } from "./rebuiltResult.ts"
import { agentLeaving, canceledBefore, keyReused, notKept } from "./requestErrors.ts"
import { makeRun, type Start } from "./runInBackground.ts"
import { orSettledBefore } from "./settledBefore.ts"

/** How many commands of the journal are looked through for one that has ended. */
const maxLooked = 1_000

/** Begins a command under its key, or finds out what has become of it. */
export const makeBegin = Effect.fnUntraced(function* (known: Map<string, LiveCommand>) {
  const agent = yield* Agent
  const journal = yield* CommandJournal
  const keys = yield* RequestKeys
  const random = yield* SecureRandom.SecureRandom
  const stops = Option.getOrUndefined(yield* Effect.serviceOption(StopRequests))
  const { complete, rebuild } = yield* makeRebuild
  const run = yield* makeRun(known)

  /** What an earlier agent has left of it. */
  const decide = Effect.fnUntraced(function* ({ command, commandId, isCanceled, record }: KeptRequest) {
    if (record !== undefined) return decideKept({ record, status: undefined })
    const isIt = (one: { readonly commandId: string }) => one.commandId === commandId
    const status = (yield* journal.unfinished).commands.find(isIt)?.status
    const { commands } = status === undefined ? yield* journal.list(maxLooked) : { commands: [] }
    // An import is harmless twice, and then finds what it has taken in.
    return decideKept({ isCanceled, record, status, past: command === "import" ? undefined : commands.find(isIt) })
  })

  const resuming =
    (command: string, commandId: string): Start =>
    (options) =>
      agent.resume({ ...options, commandId }).pipe(
        Effect.flatMap((result) => complete(commandId, result)),
        Effect.map((result) => ({ ...result, command: command as typeof result.command })),
      )

  const startOf = (decision: KeptDecision, kept: KeptRequest, first: Start, command: ApiCommand): Start => {
    if (decision._tag === "Rebuild") return rebuild(decision.past)
    if (decision._tag === "Resume") return resuming(kept.command, kept.commandId)
    return orSettledBefore(agent, command, first)
  }

  const begin = Effect.fnUntraced(function* (key: string, command: ApiCommand, caller: Caller) {
    const kept = yield* Effect.mapError(keys.find(key), notKept)
    if (kept !== undefined && !(yield* kept.isSame(command))) return yield* keyReused(key)
    const live = known.get(key)
    if (live !== undefined) return live.record()
    const decision: KeptDecision =
      kept === undefined ? { _tag: "Begin" } : yield* Effect.mapError(decide(kept), notKept)
    if (decision._tag === "Answer") return decision.record
    if (decision._tag === "Canceled") return yield* canceledBefore(key)
    if (stops !== undefined && (yield* stops.isLeaving)) return yield* agentLeaving()
    const first = yield* commandOf(agent, command)
    const isNew = kept === undefined || decision._tag === "BeginAnew"
    const commandId = isNew ? yield* random.uuidV7() : kept.commandId
    const { askedAt, askedBy } = kept ?? { askedBy: caller.name, askedAt: yield* Clock.currentTimeMillis }
    const request = { key, command: command.command, commandId, askedBy, askedAt }
    if (isNew) yield* Effect.mapError(keys.keep(request, command), notKept)
    const forma = decision._tag === "Rebuild" ? decision.past.forma : undefined
    const begun = makeLiveCommand({
      ...newRecord(request),
      revision: yield* FirstRevision,
      commandIds: forma === undefined ? [] : [commandId],
    })
    known.set(key, begun)
    const start = kept === undefined ? first : startOf(decision, kept, first, command)
    yield* run(begun, commandId, start, "confirm" in command && command.confirm === true, forma)
    return begun.record()
  })

  /** Continues what an earlier agent has not ended, whether somebody asks for it again or not. */
  const continueKept = Effect.fnUntraced(function* (key: string) {
    const kept = yield* keys.find(key)
    if (kept === undefined || known.has(key) || (yield* decide(kept))._tag !== "Resume") return known.has(key)
    const live = makeLiveCommand(newRecord(kept))
    known.set(key, live)
    yield* run(live, kept.commandId, resuming(kept.command, kept.commandId), false)
    return true
  })

  return { begin, continueKept }
})

const newRecord = ({ askedAt, askedBy, command, key }: KeptBefore): ApiRecord => ({
  schemaVersion,
  key,
  command,
  status: "running",
  revision: 1,
  commandIds: [],
  askedBy,
  askedAt,
})
