/**
 * Pages as the protocol requires them: no longer than requested, and with page
 * tokens that are checked. Services are less strict: some return pages of any
 * length, some no fewer than five at a time, and some accept any text as a token.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId } from "../protocol/Identity.ts"
import type { ListPage } from "../protocol/Operation.ts"
import { page, type ProviderError } from "./Answer.ts"
import { jsonText } from "./JsonText.ts"

/** What a `list` handler is asked for: any page, and the request has more fields. */
export interface PageRequest {
  /** Which page. Left out for the first. */
  readonly pageToken?: string
  /** How many native ids it may have. */
  readonly pageSize?: number
}

/** A `list` handler. */
export type ListHandler<Request, R> = (request: Request) => Effect.Effect<ListPage, ProviderError, R>

/** The rest of a page that was too long, and the handler's token for the page after it. */
const Rest = Schema.Struct({ rest: Schema.NonEmptyArray(NativeId), next: Schema.optionalKey(Schema.String) })
const rest = jsonText("page token", Rest)

/** The same list in pages no longer than requested. Each page of the handler is fetched once. */
export const cutPages =
  <Request extends PageRequest, R>(list: ListHandler<Request, R>): ListHandler<Request, R> =>
  (request) =>
    Effect.gen(function* () {
      const { pageSize, pageToken } = request
      // A token that is not one of ours is the handler's own.
      const left =
        pageToken === undefined ? undefined : yield* Effect.catch(rest.read(pageToken), () => Effect.undefined)
      const found = left === undefined ? yield* list(request) : page({ nativeIds: left.rest, nextPageToken: left.next })
      if (pageSize === undefined) return found
      const [first, ...others] = found.nativeIds.slice(pageSize)
      if (first === undefined) return found
      const next = found.nextPageToken === undefined ? {} : { next: found.nextPageToken }
      return page({
        nativeIds: found.nativeIds.slice(0, pageSize),
        nextPageToken: yield* rest.write({ rest: [first, ...others], ...next }),
      })
    })

const known = jsonText("page token", Schema.Struct({ next: Schema.String }))

/**
 * The same list, which refuses page tokens that it has not given, with
 * `InvalidRequest`. For a service that accepts any text as a token.
 */
export const knownTokens =
  <Request extends PageRequest, R>(list: ListHandler<Request, R>): ListHandler<Request, R> =>
  (request) =>
    Effect.gen(function* () {
      const { pageToken } = request
      const own = pageToken === undefined ? {} : { pageToken: (yield* known.read(pageToken)).next }
      const { nativeIds, nextPageToken } = yield* list({ ...request, ...own })
      return nextPageToken === undefined
        ? page({ nativeIds })
        : page({ nativeIds, nextPageToken: yield* known.write({ next: nextPageToken }) })
    })
