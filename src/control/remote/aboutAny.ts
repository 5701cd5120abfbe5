/** What agents of all versions say of themselves, however their API has changed. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { HttpClient } from "effect/http/HttpClient"
import * as Schema from "effect/Schema"

/** The part of `GET /v1/agent` that never changes. */
const AboutAny = Schema.Struct({
  agentVersion: Schema.String,
  api: Schema.Struct({ min: Schema.Int, max: Schema.Int }),
  pid: Schema.Int,
  startedAt: Schema.Finite,
  lastEvent: Schema.Int,
  /** Agents of before 0.3.0 do not say it. */
  address: Schema.optionalKey(Schema.String),
})
export type AboutAny = typeof AboutAny.Type | never

const decode = Schema.decodeUnknownEffect(AboutAny)

/** The agent does not let this caller in. */
export class NotLetIn extends Data.TaggedError("NotLetIn")<{
  /** Why, in the words of the agent. */
  readonly message: string
}> {}

/** The part of an error that never changes. */
const Refusal = Schema.Struct({ schemaVersion: Schema.Int, message: Schema.String })
const decodeRefusal = Schema.decodeUnknownOption(Refusal)

/** How requests are sent. */
export interface Transport {
  readonly httpClient: HttpClient
  readonly baseUrl: string
}

/** Fails where nothing answers, what answers is not an agent, or it does not let this caller in. */
export const aboutAny = Effect.fnUntraced(function* ({ baseUrl, httpClient }: Transport) {
  const body = yield* (yield* httpClient.get(new URL("/v1/agent", baseUrl))).json
  const refused = decodeRefusal(body)
  if (refused._tag === "Some") return yield* new NotLetIn({ message: refused.value.message })
  return yield* decode(body)
})
