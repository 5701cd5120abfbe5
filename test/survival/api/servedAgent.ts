/** Agents that stay, in memory, one after another on one state file: each continues what the one before has left, for clients that stay too. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { AgentUnreachable, type UnreachableReason } from "../../../src/agent/commands/AgentUnreachable.ts"
import { EventLog } from "../../../src/agent/events/EventLog.ts"
import { EventRecorder } from "../../../src/agent/events/EventRecorder.ts"
import type { EventToLog } from "../../../src/agent/events/LoggedEvent.ts"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { continueCutOff } from "../../../src/cli/staying/runAgent.ts"
import { connectBy } from "../../../src/control/remote/Connection.ts"
import { makeRemote } from "../../../src/control/remote/makeRemote.ts"
import { CommandRequests } from "../../../src/control/server/CommandRequests.ts"
import { makeHandler } from "../../../src/control/server/ControlServer.ts"
import { layerLoggedFeed } from "../../../src/control/server/EventFeedLog.ts"
import { RequestKeys } from "../../../src/control/server/RequestKeys.ts"
import { makeReaper, type Reaper } from "../../../src/testing/Reaper.ts"
import { layerParts, type Use } from "../world.ts"
import { makeMemoryPlace, type MemoryPlace } from "./memoryHttp.ts"

/** What the log says of an event of a command, in a word and the label that it is about. */
const nameOf = ({ event }: EventToLog): ReadonlyArray<string> => {
  if (event._tag === "Ended") return ["the end"]
  if (event._tag !== "Change") return []
  const { event: change } = event
  return [change._tag === "Finished" ? `Finished ${change.result.label}` : change._tag]
}

type Around = <A, E>(name: string, write: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** `gone` completes when the agent is dead: who waits for its writes must not wait for ever. */
const aroundFor = ({ inAgent }: Reaper, gone: Effect.Effect<void>): Around => {
  const step = (name: string) =>
    Effect.interruptible(Effect.raceFirst(inAgent(name), Effect.andThen(gone, Effect.interrupt)))
  return (name, write) =>
    step(`${name}, before`).pipe(
      Effect.andThen(write),
      Effect.tap(() => step(`${name}, after`)),
    )
}

/** The log of events, with a step before and after each of them. */
const layerLog = (around: Around) =>
  Layer.effect(
    EventLog,
    Effect.map(EventLog, (log) =>
      EventLog.of({
        ...log,
        append: (events) =>
          events.flatMap(nameOf).reduceRight((write, name) => around(`log of ${name}`, write), log.append(events)),
      }),
    ),
  ).pipe(Layer.provide(EventLog.layerNoDeps()))

/** The keys of requests, with the same steps. */
const layerKeys = (around: Around) =>
  Layer.effect(
    RequestKeys,
    Effect.map(RequestKeys, (keys) =>
      RequestKeys.of({
        ...keys,
        keep: (request, body) => around("keep of the request", keys.keep(request, body)),
        end: (record) => around("end of the request", keys.end(record)),
      }),
    ),
  ).pipe(Layer.provide(RequestKeys.layer))

/** Serves an agent until it is killed. */
const serve = (stateFile: string, reaper: Reaper, place: MemoryPlace) => {
  const gone = Deferred.makeUnsafe<void>()
  const around = aroundFor(reaper, Deferred.await(gone))
  const held = Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold))
  const layer = CommandRequests.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(layerLoggedFeed, layerKeys(around))),
    Layer.provideMerge(EventRecorder.layerNoDeps),
    Layer.provideMerge(layerLog(around)),
    Layer.provideMerge(held),
    Layer.provideMerge(reaper.layerAgent),
    Layer.provideMerge(layerParts(stateFile, reaper)),
  )
  return reaper.run(
    Effect.gen(function* () {
      yield* Effect.addFinalizer(() => Deferred.succeed(gone, undefined))
      const handlers = yield* makeHandler
      yield* place.listen(handlers({ name: "tester", isOwner: true }))
      yield* Effect.forkScoped(continueCutOff)
      // As an agent that stays, it ends once it can log nothing more.
      const { lost } = yield* EventRecorder
      return yield* lost
    }).pipe(Effect.scoped, Effect.provide(Layer.fresh(layer), { local: true })),
  )
}

/** A client waits for as long as it takes: time runs ahead of the files that the next agent opens. */
const waitMillis = 24 * 60 * 60 * 1_000

const unreachable = (reason: UnreachableReason) => new AgentUnreachable({ agent: "memory", reason })

/** Uses an agent by its API, as a client of it. It may be killed; then there is a next one. Gives also which events the client was told. */
export const onServedAgent = <A, E>(stateFile: string, use: Use<A, E>, reaper: Reaper = makeReaper()) =>
  Effect.gen(function* () {
    const place = makeMemoryPlace()
    yield* Effect.forkScoped(Effect.andThen(serve(stateFile, reaper, place), serve(stateFile, makeReaper(), place)))
    const random = yield* SecureRandom.SecureRandom
    const connection = yield* connectBy(
      { unreachable, httpClient: place.client, baseUrl: "http://localhost" },
      { firstMillis: waitMillis, waitMillis },
    ).pipe(
      Effect.retry({ schedule: Schedule.spaced("10 millis"), while: ({ reason }) => reason._tag === "NotRunning" }),
    )
    const agent = makeRemote(connection, random.uuidV7())
    const told: Array<ChangeEvent> = []
    const result = yield* use(agent, { observe: (event) => Effect.sync(() => void told.push(event)) })
    return { result, told }
  }).pipe(Effect.scoped, Effect.provide(SecureRandom.layerWebCrypto))
