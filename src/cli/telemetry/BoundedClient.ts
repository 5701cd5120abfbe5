/** The HTTP client that telemetry is sent with: a collector that is slow or gone costs little memory and no time. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import type { OtlpSettings } from "./otlpSettings.ts"

/** The end of the process. */
export interface Ending {
  /** Whether what is sent now is the last. Then nothing is tried again. */
  isEnding: boolean
  /** Completes when nothing is waited for any more. */
  readonly abandoned: Deferred.Deferred<void>
}

/** How many requests may be under way. What comes meanwhile is dropped, and so not kept in memory. */
const maxRequests = 4

/** Says once that telemetry is not sent, and why. */
const makeWarning = () => {
  let isSaid = false
  return (url: string, why: string): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (isSaid) return Effect.void
      isSaid = true
      // Without what may be a password in it.
      const at = URL.parse(url)
      return Effect.logWarning(
        `Telemetry is not sent to ${at?.host ?? "its collector"}${at?.pathname ?? ""}: ${why}. The work goes on without it; the OTEL_ variables of the environment say where it goes`,
      ).pipe(Effect.provideService(References.CurrentLogAnnotations, {}))
    })
}

/** The client within the bounds. What fails by a defect is not tried again, and nothing is sent for a minute. */
export const boundedClient = (
  client: HttpClient.HttpClient,
  { timeoutMillis }: Pick<OtlpSettings, "timeoutMillis">,
  ending: Ending,
): HttpClient.HttpClient => {
  const warn = makeWarning()
  let underWay = 0
  const notSent = (url: string, why: string) => Effect.andThen(warn(url, why), Effect.die(why))
  return HttpClient.make((request) =>
    Effect.suspend(() => {
      if (underWay >= maxRequests) return notSent(request.url, "the collector answers too slowly")
      underWay += 1
      return client.execute(request).pipe(
        Effect.timeoutOrElse({
          duration: timeoutMillis,
          orElse: () => notSent(request.url, `the collector has not answered within ${timeoutMillis} ms`),
        }),
        Effect.raceFirst(
          Effect.andThen(
            Deferred.await(ending.abandoned),
            notSent(request.url, "the collector has not answered by the end of the command"),
          ),
        ),
        Effect.tap((response) =>
          response.status >= 400 ? warn(request.url, `the collector answers ${response.status}`) : Effect.void,
        ),
        Effect.catch((error) =>
          Effect.andThen(
            warn(request.url, "the collector cannot be reached"),
            ending.isEnding ? Effect.die(error.message) : Effect.fail(error),
          ),
        ),
        Effect.ensuring(Effect.sync(() => (underWay -= 1))),
      )
    }),
  )
}

export const layerBoundedClient = (settings: Pick<OtlpSettings, "timeoutMillis">, ending: Ending) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(HttpClient.HttpClient, (client) => boundedClient(client, settings, ending)),
  ).pipe(Layer.provide(FetchHttpClient.layer))
