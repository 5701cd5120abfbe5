/**
 * Pages as the protocol has them: no longer than was asked for, and with tokens
 * that are known again. Services are not so strict: some give as many as they
 * like, some none below five, and some take any text for a token.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { NativeId } from "../protocol/Identity.ts"
import type { ListPage } from "../protocol/Operation.ts"
import { page, type ProviderError } from "./Answer.ts"
import { jsonText } from "./JsonText.ts"

interface PageRequest {
  readonly pageToken?: string
  readonly pageSize?: number
}

type List<Request, R> = (request: Request) => Effect.Effect<ListPage, ProviderError, R>

/** What is left of a page that was too long, and the handler's token for what comes after it. */
const Rest = Schema.Struct({ rest: Schema.NonEmptyArray(NativeId), next: Schema.optionalKey(Schema.String) })
const rest = jsonText("page token", Rest)

/** The same list, in pages no longer than they were asked for. The handler is asked for each of its own pages once. */
export const cutPages =
  <Request extends PageRequest, R>(list: List<Request, R>): List<Request, R> =>
  (request) =>
    Effect.gen(function* () {
      const { pageSize, pageToken } = request
      const left =
        pageToken === undefined ? undefined : yield* Effect.catch(rest.read(pageToken), () => Effect.undefined) // Then it is the handler's own.
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

/** For a service that takes any text for a token: the same list, which refuses what it has not given. */
export const knownTokens =
  <Request extends PageRequest, R>(list: List<Request, R>): List<Request, R> =>
  (request) =>
    Effect.gen(function* () {
      const { pageToken } = request
      const own = pageToken === undefined ? {} : { pageToken: (yield* known.read(pageToken)).next }
      const { nativeIds, nextPageToken } = yield* list({ ...request, ...own })
      return nextPageToken === undefined
        ? page({ nativeIds })
        : page({ nativeIds, nextPageToken: yield* known.write({ next: nextPageToken }) })
    })
