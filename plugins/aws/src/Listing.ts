/** Lists: the shape in which services want and give their pages. */
import { Answer, type ProviderError } from "formae/plugin"
import type { ListPage } from "formae/protocol"
import * as Effect from "effect/Effect"

/** What the agent asked for. */
export interface PageRequest {
  readonly pageSize: number | undefined
  readonly pageToken: string | undefined
}

/** What a service gave. Ids that it left open are passed over. */
export interface Found {
  readonly ids: ReadonlyArray<string | undefined> | undefined
  readonly next: string | undefined
}

export const toListPage = ({ ids = [], next }: Found): ListPage =>
  Answer.page({
    nativeIds: ids.filter((id) => id !== undefined),
    // Some services end with an empty token.
    nextPageToken: next === "" ? undefined : next,
  })

/** As many as the agent wants, within what the service allows in one page. */
export const within = (minimum: number, maximum: number, { pageSize }: PageRequest): number =>
  Math.min(Math.max(pageSize ?? maximum, minimum), maximum)

/** All that a service has, of something that is not worth a page. */
export const everyPage = <A>(
  page: (
    token: string | undefined,
  ) => Effect.Effect<
    { readonly items: ReadonlyArray<A> | undefined; readonly next: string | undefined },
    ProviderError
  >,
  from?: string,
): Effect.Effect<ReadonlyArray<A>, ProviderError> =>
  Effect.flatMap(page(from), ({ items = [], next }) =>
    next === undefined || next === ""
      ? Effect.succeed(items)
      : Effect.map(everyPage(page, next), (rest) => [...items, ...rest]),
  )
