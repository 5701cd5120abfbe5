/** Lists: how services are asked for pages, and what they return. */
import { Answer, type ProviderError } from "formae/plugin"
import type { ListPage } from "formae/protocol"
import * as Effect from "effect/Effect"

/** The page that the agent asked for. */
export interface PageRequest {
  readonly pageSize: number | undefined
  readonly pageToken: string | undefined
}

/** A page as a service returned it. Missing ids are skipped. */
export interface ServicePage {
  readonly ids: ReadonlyArray<string | undefined> | undefined
  readonly next: string | undefined
}

export const toListPage = ({ ids = [], next }: ServicePage): ListPage =>
  Answer.page({
    nativeIds: ids.filter((id) => id !== undefined),
    // Some services end their last page with an empty token.
    nextPageToken: next === "" ? undefined : next,
  })

/** The page size that the agent asked for, within what the service allows. */
export const clampPageSize = (minimum: number, maximum: number, { pageSize }: PageRequest): number =>
  Math.min(Math.max(pageSize ?? maximum, minimum), maximum)

/** The items of all pages, for lists that are always needed as a whole. */
export const allPages = <A>(
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
      : Effect.map(allPages(page, next), (rest) => [...items, ...rest]),
  )
