/** Refuses what the API cannot read, and what it does not know: it may be a limit, and without it everything would be meant. */
import * as Effect from "effect/Effect"
import type * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import { ParsedSearchParams } from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import { ReadableRequest } from "../api/Access.ts"
import type { BadRequest } from "../api/ApiFailure.ts"
import { badRequestOf, unknownRequest } from "./badRequestOf.ts"

/** An endpoint that takes nothing in its address would not look at what is there. */
const nothingIgnored = ({ query }: HttpApiEndpoint.Top) =>
  Effect.flatMap(ParsedSearchParams, (given) => {
    const unknown = query === undefined ? Object.keys(given).map((name) => ({ path: [name], known: [] })) : []
    return unknown.length === 0 ? Effect.void : Effect.fail(unknownRequest(["query"], unknown))
  })

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
