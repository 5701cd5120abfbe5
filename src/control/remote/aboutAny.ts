/** What agents of all versions say of themselves, however their API has changed. */
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
})
export type AboutAny = typeof AboutAny.Type | never

const decode = Schema.decodeUnknownEffect(AboutAny)

/** How requests are sent. */
export interface Transport {
  readonly httpClient: HttpClient
  readonly baseUrl: string
}

/** Fails where nothing answers, or what answers is not an agent. */
export const aboutAny = ({ baseUrl, httpClient }: Transport) =>
  httpClient.get(new URL("/v1/agent", baseUrl)).pipe(
    Effect.flatMap(({ json }) => json),
    Effect.flatMap(decode),
  )
