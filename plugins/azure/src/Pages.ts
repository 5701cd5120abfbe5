/** Lists a page at a time, including items in containers that must be listed themselves. */
import { Answer, hasCode, jsonText, type ProviderError } from "formae/plugin"
import type { ListPage } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** A page as the SDKs return it. Without a token, or with an empty one, it is the last. */
export interface NamesPage {
  readonly names: ReadonlyArray<string>
  readonly next: string | undefined
}

/** The settings of a page for an SDK, whose types do not accept undefined. */
export const pageSettings = (maxPageSize: number | undefined, continuationToken: string | undefined) => ({
  ...(maxPageSize === undefined ? {} : { maxPageSize }),
  ...(continuationToken === undefined ? {} : { continuationToken }),
})

/** The first page of an SDK's iterator; undefined if there is none. */
export const firstPage = <Page>(pages: AsyncIterator<Page>): Promise<Page | undefined> =>
  pages.next().then(({ done, value }) => (done === true ? undefined : value))

export const pageOf = ({ names, next }: NamesPage): ListPage =>
  Answer.page({ nativeIds: names, nextPageToken: next === "" ? undefined : next })

/** How far a nested list has come: before a container, or inside one. `next` is the token of the container after it. */
const positions = jsonText(
  "page token",
  Schema.Struct({
    container: Schema.optionalKey(Schema.String),
    items: Schema.optionalKey(Schema.String),
    next: Schema.optionalKey(Schema.String),
  }),
)

/** Each page has the items of one container, and may be empty. The native ids are `container/item`. */
export const nestedPage = Effect.fnUntraced(function* <R>(
  pageToken: string | undefined,
  list: {
    /** Lists one container at a time. */
    readonly containers: (token: string | undefined) => Effect.Effect<NamesPage, ProviderError, R>
    readonly items: (container: string, token: string | undefined) => Effect.Effect<NamesPage, ProviderError, R>
  },
): Effect.fn.Return<ListPage, ProviderError, R> {
  const position = pageToken === undefined ? {} : yield* positions.read(pageToken)
  const found = position.container === undefined ? yield* list.containers(position.next) : undefined
  const container = position.container ?? found?.names[0]
  const after = found === undefined ? position.next : found.next || undefined
  // A container that was deleted in the meantime has no items.
  const items: NamesPage =
    container === undefined
      ? { names: [], next: undefined }
      : yield* Effect.catchIf(list.items(container, position.items), hasCode("NotFound"), () =>
          Effect.succeed({ names: [], next: undefined }),
        )
  const afterwards = after === undefined ? {} : { next: after }
  const rest = items.next ? { container: container ?? "", items: items.next, ...afterwards } : afterwards
  return pageOf({
    names: items.names.map((name) => `${container}/${name}`),
    next: Object.keys(rest).length === 0 ? undefined : yield* positions.write(rest),
  })
})
