/** Moto's own API, through which a test can look into its services and change them. */
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

const slowModel = "dsql::cluster"

/** Nothing is left of what it had, and of how it was set. */
export const makeNew = (emulator: Emulator) =>
  Effect.andThen(reset(emulator), post(emulator, "state-manager/unset-transition", { model_name: slowModel }))

/** A DSQL cluster stays CREATING until it has been described this many times. */
export const slowClusters = (emulator: Emulator, times: number) =>
  post(emulator, "state-manager/set-transition", {
    model_name: slowModel,
    transition: { progression: "manual", times },
  })

const MotoData = Schema.Struct({
  dsql: Schema.optionalKey(
    Schema.Struct({ Cluster: Schema.optionalKey(Schema.Array(Schema.Struct({ identifier: Schema.String }))) }),
  ),
})

/** The ids of the DSQL clusters, because moto has no ListClusters. */
export const clustersIn = ({ endpoint }: Emulator) =>
  HttpClient.get(`${endpoint}/moto-api/data.json`).pipe(
    Effect.flatMap(({ json }) => json),
    Effect.flatMap(Schema.decodeUnknownEffect(MotoData)),
    Effect.map(({ dsql }) => (dsql?.Cluster ?? []).map(({ identifier }) => identifier)),
    Effect.provide(FetchHttpClient.layer),
  )
