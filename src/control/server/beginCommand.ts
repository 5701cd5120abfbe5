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
import { type KeptRequest, RequestKeys } from "./RequestKeys.ts"
import { type LiveCommand, makeLiveCommand } from "./LiveCommand.ts"
import { commandOf } from "./runCommand.ts"
import { agentLeaving, canceledBefore, keyReused, notKept } from "./requestErrors.ts"
import { makeRun, type Start } from "./runInBackground.ts"

/** Begins a command under its key, or finds out what has become of it. */
export const makeBegin = Effect.fnUntraced(function* (known: Map<string, LiveCommand>) {
  const agent = yield* Agent
  const journal = yield* CommandJournal
  const keys = yield* RequestKeys
  const random = yield* SecureRandom.SecureRandom
  const stops = Option.getOrUndefined(yield* Effect.serviceOption(StopRequests))
  const run = yield* makeRun(known)

  /** What an earlier agent has left of it. */
  const decide = Effect.fnUntraced(function* ({ commandId, record }: KeptRequest) {
    const { commands } = record === undefined ? yield* journal.unfinished : { commands: [] }
    return decideKept({ record, status: commands.find((one) => one.commandId === commandId)?.status })
  })

  const resuming =
    (command: string, commandId: string): Start =>
    (options) =>
      Effect.map(agent.resume({ ...options, commandId }), (result) => ({
        ...result,
        command: command as typeof result.command,
      }))

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
    const start = yield* commandOf(agent, command)
    const askedAt = yield* Clock.currentTimeMillis
    const isResumed = kept !== undefined && decision._tag === "Resume"
    const commandId = isResumed ? kept.commandId : yield* random.uuidV7()
    const request = { key, command: command.command, commandId, askedBy: caller.name, askedAt }
    yield* Effect.mapError(keys.keep(request, command), notKept)
    const begun = makeLiveCommand(newRecord(request))
    known.set(key, begun)
    const resumed = resuming(command.command, commandId)
    yield* run(begun, commandId, isResumed ? resumed : start, "confirm" in command && command.confirm === true)
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

const newRecord = ({ askedAt, askedBy, command, key }: Omit<KeptRequest, "isSame" | "record">): ApiRecord => ({
  schemaVersion,
  key,
  command,
  status: "running",
  revision: 1,
  commandIds: [],
  askedBy,
  askedAt,
})
