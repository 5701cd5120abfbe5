/** What the API does at each of its endpoints. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as SemVer from "effect/SemVer"
import * as Stream from "effect/Stream"
import * as Option from "effect/Option"
import { Agent } from "../../agent/Agent.ts"
import { decodeForma } from "../../agent/forma/Forma.ts"
import { PluginCoordinator } from "../../agent/supervision/PluginCoordinator.ts"
import { KeyRotation } from "../../agent/records/KeyRotation.ts"
import { agentVersion } from "../../agent/version.ts"
import { CurrentCaller } from "../api/Access.ts"
import { hasEnded } from "../api/ApiCommand.ts"
import type { ApiDiscoveryLine } from "../api/ApiDiscovery.ts"
import type { ApiEvent } from "../api/ApiEvent.ts"
import { Denied, Refused } from "../api/ApiFailure.ts"
import type { ApiInventoryLine } from "../api/ApiState.ts"
import { ControlApi } from "../api/ControlApi.ts"
import { apiRange, schemaVersion } from "../api/version.ts"
import { type AgentError, failureOfError } from "../mapping/errors.ts"
import { discoveredToApi } from "../mapping/discovery.ts"
import { draftToApi, thingsFromApi } from "../mapping/importing.ts"
import { commandsToApi, noteToApi, reportToApi, resourceToApi, resultToApi } from "../mapping/models.ts"
import { pluginsToApi } from "../mapping/plugins.ts"
import { AboutAgent } from "./AboutAgent.ts"
import { badRequestOf } from "./badRequestOf.ts"
import { AgentEnvironment } from "./AgentEnvironment.ts"
import { destroyedOf, targetsOf } from "./runCommand.ts"
import { configurationHandlers } from "./configurationHandlers.ts"
import { CommandRequests } from "./CommandRequests.ts"
import { EventFeed } from "./EventFeed.ts"
import { type EventsEnd, followEvents } from "./followEvents.ts"
import { layerReadable } from "./layerReadable.ts"
import type { WatchedCommand } from "./LiveCommand.ts"

/** A caller with a token may not do what the owner of the agent may. */
const denied = (code: string, what: string) =>
  new Denied({ schemaVersion, code, message: `${what} only on the socket of the agent's own user` })

const refuse = (error: AgentError) => new Refused(failureOfError(error))

const agentHandlers = HttpApiBuilder.group(
  ControlApi,
  "agent",
  Effect.fnUntraced(function* (handlers) {
    const { address: addressNow, ...about } = yield* AboutAgent
    const { differenceTo } = yield* AgentEnvironment
    // A host may serve an agent without its plugins.
    const coordinator = Option.getOrUndefined(yield* Effect.serviceOption(PluginCoordinator))
    const feed = yield* EventFeed
    const startedAt = yield* Clock.currentTimeMillis
    return handlers.handleAll({
      about: () =>
        Effect.map(feed.lastLogged, (lastEvent) => {
          const address = addressNow?.()
          return {
            schemaVersion,
            agentVersion: SemVer.format(agentVersion),
            api: apiRange,
            ...about,
            ...(address === undefined ? {} : { address }),
            startedAt,
            lastEvent,
          }
        }),
      releasePlugin: ({ params: { name } }) =>
        Effect.map(coordinator?.release(name) ?? Effect.succeed(false), (wasQuarantined) => ({
          schemaVersion,
          wasQuarantined,
        })),
      compareEnvironment: Effect.fnUntraced(function* ({ payload }) {
        const { isOwner } = yield* CurrentCaller
        if (!isOwner) return yield* denied("EnvironmentNotCompared", "An environment is compared")
        return yield* differenceTo(payload)
      }),
    })
  }),
)

const commandHandlers = HttpApiBuilder.group(
  ControlApi,
  "commands",
  Effect.fnUntraced(function* (handlers) {
    const agent = yield* Agent
    const requests = yield* CommandRequests
    return handlers.handleAll({
      ask: Effect.fnUntraced(function* ({ headers, payload }) {
        return yield* requests.ask(headers["idempotency-key"], payload, yield* CurrentCaller)
      }),
      list: ({ query }) => Effect.mapBoth(agent.commands(query), { onFailure: refuse, onSuccess: commandsToApi }),
      find: ({ params, query }) => requests.find(params.key, query.after),
      cancel: ({ params, payload }) =>
        Effect.map(requests.cancel(params.key, payload.how ?? "stop"), (wasRunning) => ({ schemaVersion, wasRunning })),
      answer: ({ params, payload }) => requests.answer(params.key, payload),
    })
  }),
)

const stateHandlers = HttpApiBuilder.group(
  ControlApi,
  "state",
  Effect.fnUntraced(function* (handlers) {
    const agent = yield* Agent
    // A host may serve an agent without its plugins.
    const coordinator = Option.getOrUndefined(yield* Effect.serviceOption(PluginCoordinator))
    return handlers.handleAll({
      plan: ({ payload: { document, forma, only } }) =>
        decodeForma(forma).pipe(
          Effect.flatMap((decoded) => agent.plan(decoded, { document, only })),
          Effect.mapBoth({ onFailure: refuse, onSuccess: resultToApi }),
        ),
      sync: ({ payload: { document, forma, labels, repair } }) =>
        destroyedOf(forma).pipe(
          Effect.flatMap((one) => Effect.mapError(agent.sync({ document, forma: one, labels, repair }), refuse)),
          Effect.map(resultToApi),
        ),
      drift: ({ payload }) => Effect.mapBoth(agent.drift(payload), { onFailure: refuse, onSuccess: resultToApi }),
      draftImport: ({ payload: { forma, things } }) =>
        Effect.mapError(thingsFromApi(things), badRequestOf(["things"])).pipe(
          Effect.flatMap((decoded) =>
            Effect.mapError(
              Effect.flatMap(decodeForma(forma), (one) => agent.draftImport(one, decoded)),
              refuse,
            ),
          ),
          Effect.map(draftToApi),
        ),
      discover: ({ payload: { targets, ...rest } }) =>
        Effect.map(targetsOf(targets), (decoded) =>
          Stream.map(agent.discover({ ...rest, targets: decoded }), discoveredToApi).pipe(
            Stream.concat(Stream.make<[ApiDiscoveryLine]>({ end: true })),
            Stream.catch((error) => Stream.make<[ApiDiscoveryLine]>({ error: failureOfError(error) })),
          ),
        ),
      rotateKey: () => rotateKey,
      plugins: () => Effect.map(coordinator?.status ?? Effect.succeed([]), pluginsToApi),
      inventory: () => Effect.mapBoth(agent.inventory, { onFailure: refuse, onSuccess: resultToApi }),
      inventoryStream: () =>
        Effect.mapBoth(agent.inventoryStream, {
          onFailure: refuse,
          onSuccess: ({ notes, resources }) =>
            Stream.make<[ApiInventoryLine]>({ schemaVersion, notes: notes.map(noteToApi) }).pipe(
              Stream.concat(Stream.map(resources, (one): ApiInventoryLine => ({ resource: resourceToApi(one) }))),
              Stream.concat(Stream.make<[ApiInventoryLine]>({ end: true })),
              Stream.catch((error) => Stream.make<[ApiInventoryLine]>({ error: failureOfError(error) })),
            ),
        }),
      show: ({ params, query }) =>
        Effect.mapBoth(agent.show({ label: params.label, forma: query.forma }), {
          onFailure: refuse,
          onSuccess: reportToApi,
        }),
      outputs: Effect.fnUntraced(function* ({ payload }) {
        const { isOwner } = yield* CurrentCaller
        if (payload.withSecret === true && !isOwner) {
          return yield* denied("SecretNotGiven", "The value of a secret is given")
        }
        return yield* Effect.mapBoth(agent.outputs(payload), { onFailure: refuse, onSuccess: resultToApi })
      }),
    })
  }),
)

const rotateKey = Effect.gen(function* () {
  const { isOwner } = yield* CurrentCaller
  const rotation = Option.getOrUndefined(yield* Effect.serviceOption(KeyRotation))
  if (rotation === undefined || !isOwner) {
    const message = isOwner
      ? "The key of this state is kept by the host of the agent"
      : "The key of the state is changed only on the socket of the agent's own user"
    return yield* new Denied({ schemaVersion, code: "KeyNotChanged", message })
  }
  return yield* Effect.mapBoth(rotation.rotate, {
    onFailure: refuse,
    onSuccess: (rotated) => ({ schemaVersion, ...rotated }) as const,
  })
})

const eventHandlers = HttpApiBuilder.group(
  ControlApi,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const feed = yield* EventFeed
    const requests = yield* CommandRequests
    return handlers.handleAll({
      follow: Effect.fnUntraced(function* ({ query: { after, command, commandId, follow } }) {
        const from = after ?? (yield* feed.last)
        // What is gone is said before the stream begins, as an error.
        yield* Effect.mapError(
          feed.readAfter(from),
          ({ _tag: code, first, message }) => new Refused({ schemaVersion, code, message, facts: { first } }),
        )
        const live = command === undefined ? undefined : yield* requests.live(command)
        const end = follow === "false" ? atOnce : live && endOf(live)
        const events = followEvents(feed, from, { commandId, request: command }, end)
        return Stream.map(Stream.orDie(events), toFrame)
      }),
    })
  }),
)

/** What there is now is all. */
const atOnce: EventsEnd = { isOver: Effect.succeed(true), awaitOver: Effect.void }

/** The events of a command end with its end. */
const endOf = (live: WatchedCommand): EventsEnd => ({
  isOver: Effect.sync(() => hasEnded(live.record())),
  awaitOver: Effect.suspend(() => live.awaitChange),
})

const toFrame = (event: ApiEvent) => ({ id: String(event.number), event: event.kind, data: event })

/** All endpoints. */
export const layerHandlers = Layer.mergeAll(
  agentHandlers,
  configurationHandlers,
  commandHandlers,
  stateHandlers,
  eventHandlers,
).pipe(Layer.provide(layerReadable))
