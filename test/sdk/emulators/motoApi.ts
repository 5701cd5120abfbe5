/** What moto lets a test do behind the backs of the services that it plays. */
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import type { Emulator } from "./Emulator.ts"

const post = ({ endpoint }: Emulator, path: string, body: Schema.Json) =>
  HttpClientRequest.post(`${endpoint}/moto-api/${path}`).pipe(
    HttpClientRequest.bodyJsonUnsafe(body),
    HttpClient.execute,
    Effect.provide(FetchHttpClient.layer),
    Effect.asVoid,
  )

export const reset = (emulator: Emulator) => post(emulator, "reset", {})

/** A cluster of DSQL stays CREATING until it has been looked at so often. */
export const slowClusters = (emulator: Emulator, times: number) =>
  post(emulator, "state-manager/set-transition", {
    model_name: "dsql::cluster",
    transition: { progression: "manual", times },
  })

const Everything = Schema.Struct({
  dsql: Schema.optionalKey(
    Schema.Struct({ Cluster: Schema.optionalKey(Schema.Array(Schema.Struct({ identifier: Schema.String }))) }),
  ),
})

/** Moto has no ListClusters. */
export const clustersIn = ({ endpoint }: Emulator) =>
  HttpClient.get(`${endpoint}/moto-api/data.json`).pipe(
    Effect.flatMap(({ json }) => json),
    Effect.flatMap(Schema.decodeUnknownEffect(Everything)),
    Effect.map(({ dsql }) => (dsql?.Cluster ?? []).map(({ identifier }) => identifier)),
    Effect.provide(FetchHttpClient.layer),
  )
