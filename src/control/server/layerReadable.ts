/** Refuses what the API cannot read, and what it does not know: it may be a limit, and without it everything would be meant. */
import * as Effect from "effect/Effect"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { HttpServerRequest, ParsedSearchParams } from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ReadableRequest } from "../api/Access.ts"
import type { BadRequest } from "../api/ApiFailure.ts"
import { badRequestOf, unknownRequest } from "./badRequestOf.ts"

const unknown = (part: string, names: ReadonlyArray<string>) =>
  names.length === 0
    ? Effect.void
    : Effect.fail(
        unknownRequest(
          [part],
          names.map((name) => ({ path: [name], known: [] })),
        ),
      )

/** An endpoint that takes nothing in its address, or no body, would not look at what is there. */
const nothingIgnored = Effect.fnUntraced(function* ({ method, payload, query }: HttpApiEndpoint.Top) {
  if (query === undefined) yield* unknown("query", Object.keys(yield* ParsedSearchParams))
  if (payload.size > 0 || method === "GET") return
  const body = yield* Effect.flatMap(HttpServerRequest, ({ text }) => Effect.orElseSucceed(text, () => ""))
  yield* unknown("payload", Object.keys(Option.getOrElse(decodeBody(body), () => ({}))))
})

const decodeBody = Schema.decodeUnknownOption(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json)))

const layerDecoding = HttpApiMiddleware.layerSchemaErrorTransform(ReadableRequest, (error) =>
  error.kind === "Body" || error.kind === "ResponseHeaders"
    ? Effect.die(error)
    : Effect.fail<BadRequest>(badRequestOf([error.kind.toLowerCase()])(error.cause)),
)

export const layerReadable = Layer.effect(
  ReadableRequest,
  Effect.map(
    ReadableRequest,
    (decode): ReadableRequest["Service"] =>
      (handle, options) =>
        Effect.andThen(nothingIgnored(options.endpoint), decode(handle, options)),
  ),
).pipe(Layer.provide(layerDecoding))
