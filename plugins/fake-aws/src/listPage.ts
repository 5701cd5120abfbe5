/** One page of the native ids of a type, and the token that leads to the next. */
import { ProviderError } from "formae/plugin"
import type { ListPage, ListRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { Account } from "./Cloud.ts"

const defaultPageSize = 100

/** A page token is this prefix and the last native id of the page before. */
const tokenPrefix = "after:"

/** Fails with `InvalidRequest` for a page token that FakeAWS did not give. */
export const listPage = (
  account: Account,
  { pageSize = defaultPageSize, pageToken, resourceType }: Pick<ListRequest, "pageSize" | "pageToken" | "resourceType">,
): Effect.Effect<ListPage, ProviderError> =>
  readPageToken(pageToken).pipe(
    // One more than fits, to see whether there is a next page.
    Effect.flatMap((after) => account.run((tables) => tables.page(resourceType, after, pageSize + 1))),
    Effect.map((found) => {
      const nativeIds = found.slice(0, pageSize)
      const last = nativeIds.at(-1)
      return found.length > pageSize && last !== undefined
        ? { nativeIds, nextPageToken: `${tokenPrefix}${last}` }
        : { nativeIds }
    }),
  )

/** The native id after which a page begins. */
const readPageToken = (token: string | undefined): Effect.Effect<string, ProviderError> => {
  if (token === undefined) return Effect.succeed("")
  return token.startsWith(tokenPrefix)
    ? Effect.succeed(token.slice(tokenPrefix.length))
    : Effect.fail(ProviderError.of("InvalidRequest", `the page token ${token} is not one that FakeAWS gave`))
}
