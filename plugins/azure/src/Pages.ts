/** Lists a page at a time, also of what lies in something that is listed itself. */
import { Answer, hasCode, jsonText, type ProviderError } from "formae/plugin"
import type { ListPage } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A page as the SDKs give it: without a token, or with an empty one, it is the last. */
export interface NamesPage {
  readonly names: ReadonlyArray<string>
  readonly next: string | undefined
}

/** What an SDK is to be asked for; its types want no undefined. */
export const pageSettings = (maxPageSize: number | undefined, continuationToken: string | undefined) => ({
  ...(maxPageSize === undefined ? {} : { maxPageSize }),
  ...(continuationToken === undefined ? {} : { continuationToken }),
})

/** The one page that the pages of an SDK begin with, where they begin with a token. */
export const firstPage = <Page>(pages: AsyncIterator<Page>): Promise<Page | undefined> =>
  pages.next().then(({ done, value }) => (done === true ? undefined : value))

export const pageOf = ({ names, next }: NamesPage): ListPage =>
  Answer.page({ nativeIds: names, nextPageToken: next === "" ? undefined : next })

/** Where a list of what lies in containers is: before a container, or in one. `next` leads to the container after it. */
const places = jsonText(
  "page token",
  Schema.Struct({
    container: Schema.optionalKey(Schema.String),
    items: Schema.optionalKey(Schema.String),
    next: Schema.optionalKey(Schema.String),
  }),
)

/** Each page is of one container, and may be empty. The native ids are `container/item`. */
export const pageOfNested = Effect.fnUntraced(function* <R>(
  pageToken: string | undefined,
  list: {
    /** One container at a time. */
    readonly containers: (token: string | undefined) => Effect.Effect<NamesPage, ProviderError, R>
    readonly items: (container: string, token: string | undefined) => Effect.Effect<NamesPage, ProviderError, R>
  },
): Effect.fn.Return<ListPage, ProviderError, R> {
  const place = pageToken === undefined ? {} : yield* places.read(pageToken)
  const found = place.container === undefined ? yield* list.containers(place.next) : undefined
  const container = place.container ?? found?.names[0]
  const after = found === undefined ? place.next : found.next || undefined
  // A container that went away in between has nothing in it any more.
  const items: NamesPage =
    container === undefined
      ? { names: [], next: undefined }
      : yield* Effect.catchIf(list.items(container, place.items), hasCode("NotFound"), () =>
          Effect.succeed({ names: [], next: undefined }),
        )
  const behind = after === undefined ? {} : { next: after }
  const rest = items.next ? { container: container ?? "", items: items.next, ...behind } : behind
  return pageOf({
    names: items.names.map((name) => `${container}/${name}`),
    next: Object.keys(rest).length === 0 ? undefined : yield* places.write(rest),
  })
})
