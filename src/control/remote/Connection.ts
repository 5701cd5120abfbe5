/** The connection to an agent in another process: it outlives a restart of the agent, for as long as is waited for it. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpClient from "effect/http/HttpClient"
import { type HttpClientError, isHttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import { AgentUnreachable, type UnreachableReason } from "../../agent/commands/AgentUnreachable.ts"
import { defaultWaitMillis } from "../../agent/configuration/defaultWaitMillis.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { type ApiError, type ApiFailure, stateAway, UnknownRequestFacts } from "../api/ApiFailure.ts"
import { ControlApi } from "../api/ControlApi.ts"
import { schemaVersion } from "../api/version.ts"
import { type AgentError, errorOfFailure } from "../mapping/errors.ts"
import { type AboutAny, aboutAny, type NotLetIn, type Transport } from "./aboutAny.ts"
import type { AgentAddress, ConnectionOptions } from "./AgentAddress.ts"
import { certificateFault } from "./certificateFault.ts"
import { makeNodeHttpClient } from "./NodeHttpClient.ts"

/** A client of the API. */
export type ControlClient = HttpApiClient.ForApi<typeof ControlApi>

/** What a call of the client fails with. */
export type CallError = ApiError | HttpClientError | Schema.SchemaError

/** The connection to an agent. */
export interface Connection {
  readonly client: ControlClient
  /** Makes a call, again and again while the agent is away. Its answer or its refusal is passed on. */
  readonly call: <A>(
    call: (client: ControlClient) => Effect.Effect<A, CallError>,
  ) => Effect.Effect<A, AgentUnreachable | ApiError>
  /** The error for a call that cannot be made. */
  readonly unreachable: (reason: UnreachableReason) => AgentUnreachable
}

/** Whether the agent was not there, or its answer was lost. Then the call may be made again: each one is harmless twice. */
const isAway = (error: CallError): error is HttpClientError => {
  if (!isHttpClientError(error)) return false
  const { reason } = error
  // A certificate that is not believed now is not believed a moment later.
  if (certificateFault(error) !== undefined) return false
  // An answer that was begun and cut off cannot be decoded.
  return reason._tag === "TransportError" || (reason._tag === "DecodeError" && reason.response.status < 300)
}

/** Whether the agent has too much to do, or does not reach its state. Then nothing was done of what it was asked. */
const isBusy = (error: CallError): boolean =>
  !isOfTransport(error) && error._tag === "Unavailable" && busyCodes.has(error.code)

const busyCodes: ReadonlySet<string> = new Set(["NotAnswered", "RequestTooSlow", stateAway, "TooManyConnections"])

/** From 50 milliseconds to 2 seconds, for as long as is waited. */
const reconnecting = (waitMillis: number) =>
  Schedule.min([Schedule.exponential("50 millis", 1.5), Schedule.spaced("2 seconds")]).pipe(
    Schedule.upTo({ duration: Duration.millis(waitMillis) }),
  )

/** How an agent is reached. */
const transportOf = (address: AgentAddress): Transport => ({
  httpClient: makeNodeHttpClient("socket" in address ? { socket: address.socket } : { ca: address.ca }).pipe(
    HttpClient.mapRequest((request) =>
      "token" in address ? HttpClientRequest.bearerToken(request, address.token) : request,
    ),
  ),
  baseUrl: "socket" in address ? "http://localhost" : address.url,
})

/** One that hangs still takes connections. */
const answering =
  (millis: number, unreachable: Connection["unreachable"]) =>
  <A>(answer: Effect.Effect<A, AgentUnreachable>): Effect.Effect<A, AgentUnreachable> =>
    Effect.timeoutOrElse(answer, {
      duration: millis,
      orElse: () => Effect.fail(unreachable({ _tag: "NoAnswer", waitedMillis: millis })),
    })

/** How long a first answer may take. */
const defaultFirstMillis = 5_000

/** What an agent of any version says of itself. Fails with `AgentUnreachable` where none answers, or does not in time. */
export const describeAgent = (address: AgentAddress): Effect.Effect<AboutAny, AgentUnreachable> => {
  const unreachable = unreachableAt(address)
  return aboutAny(transportOf(address)).pipe(
    Effect.mapError((error) => unreachable(reasonOf(error))),
    answering(defaultFirstMillis, unreachable),
  )
}

const unreachableAt = (address: AgentAddress) => (reason: UnreachableReason) =>
  new AgentUnreachable({ agent: "socket" in address ? address.socket : address.url, reason })

/** Connects, and asks which agent it is. Fails with `AgentUnreachable` where none answers, or does not in time, or one of another version. */
export const connect = (
  address: AgentAddress,
  options?: ConnectionOptions,
): Effect.Effect<Connection, AgentUnreachable> =>
  connectBy({ ...transportOf(address), unreachable: unreachableAt(address) }, options)

/** The same by any client of HTTP. */
export const connectBy = Effect.fnUntraced(function* (
  { unreachable, ...transport }: Transport & Pick<Connection, "unreachable">,
  { firstMillis = defaultFirstMillis, waitMillis = defaultWaitMillis }: ConnectionOptions = {},
): Effect.fn.Return<Connection, AgentUnreachable> {
  const client = yield* HttpApiClient.makeWith(ControlApi, transport)

  const asked = Effect.retry(client.agent.about(), { schedule: reconnecting(waitMillis), while: isBusy })
  const about = yield* Effect.catch(asked, (error) =>
    // An agent of another version may say more, or less, than this one reads.
    Schema.isSchemaError(error)
      ? Effect.mapError(aboutAny(transport), () => unreachable({ _tag: "NotUnderstood" }))
      : Effect.fail(unreachable(reasonOf(error))),
  ).pipe(answering(firstMillis, unreachable))
  if (about.api.min > schemaVersion || about.api.max < schemaVersion) {
    const { agentVersion, api } = about
    return yield* unreachable({ _tag: "OtherVersion", agentVersion, api, wanted: schemaVersion })
  }

  return {
    client,
    unreachable,
    call: (call) =>
      Effect.flatMap(Clock.currentTimeMillis, (startedAt) =>
        call(client).pipe(
          Effect.retry({ schedule: reconnecting(waitMillis), while: (error) => isAway(error) || isBusy(error) }),
          Effect.catchIf(isOfTransport, (error) =>
            Effect.flatMap(Clock.currentTimeMillis, (now) =>
              Effect.fail(
                unreachable(isAway(error) ? { _tag: "Lost", waitedMillis: now - startedAt } : reasonOf(error)),
              ),
            ),
          ),
        ),
      ),
  }
})

const isOfTransport = (error: CallError): error is HttpClientError | Schema.SchemaError =>
  isHttpClientError(error) || Schema.isSchemaError(error)

/** Why there is no answer to a call that was made once. */
const reasonOf = (error: CallError | NotLetIn): UnreachableReason => {
  if (Predicate.isTagged(error, "NotLetIn")) return { _tag: "Refused", message: error.message }
  if (!isOfTransport(error)) return { _tag: "Refused", message: error.message }
  if (isAway(error)) return { _tag: "NotRunning", ...codeIn(error) }
  return (isHttpClientError(error) ? certificateFault(error) : undefined) ?? { _tag: "NotUnderstood" }
}

/** Why there was no connection, in the words of the system. */
const codeIn = ({ reason }: HttpClientError): { readonly code?: string } => {
  const cause: unknown = reason._tag === "TransportError" ? reason.cause : undefined
  const code = isRecord(cause) ? cause["code"] : undefined
  return typeof code === "string" ? { code } : {}
}

/** The error of the agent that an answer stands for. One that this version does not know is a refusal in its words. */
export const refusalOf =
  (connection: Connection) =>
  (error: AgentUnreachable | ApiFailure): AgentError =>
    "agent" in error
      ? error
      : Option.getOrElse(errorOfFailure(error), () =>
          connection.unreachable(
            Option.match(decodeUnknownRequest(error.facts), {
              onNone: () => ({ _tag: "Refused", message: error.message }),
              onSome: ({ agentVersion, unknownFields: fields }) => ({ _tag: "RequestUnknown", agentVersion, fields }),
            }),
          ),
        )

const decodeUnknownRequest = Schema.decodeUnknownOption(UnknownRequestFacts)
