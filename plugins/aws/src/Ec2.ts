/** What the resources of EC2 have in common: tags sent with the create, reads that share a call, and pages. */
import type { EC2, Filter, ResourceType } from "@aws-sdk/client-ec2"
import { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { batchedReads } from "./BatchedReads.ts"
import type { Connection } from "./Connection.ts"
import { allPages, clampPageSize, type PageRequest } from "./Listing.ts"
import type { Description } from "./Ownership.ts"
import type * as Tags from "./Tags.ts"

export const tagSpecifications = (ResourceType: ResourceType, tags: Array<Tags.Tag>) => ({
  TagSpecifications: [{ ResourceType, Tags: tags }],
})

type Options = { readonly abortSignal: AbortSignal }

/** How one kind of resource is described. */
interface Kind<A> {
  /** The filter by ids, such as `vpc-id`. */
  readonly filter: string
  readonly idOf: (resource: A) => string | undefined
  readonly byId: (ec2: EC2, id: string, options: Options) => Promise<ReadonlyArray<A> | undefined>
  readonly page: (
    ec2: EC2,
    input: { readonly Filters: Array<Filter>; readonly NextToken: string | undefined },
    options: Options,
  ) => Promise<{ readonly items: ReadonlyArray<A> | undefined; readonly next: string | undefined }>
}

/** EC2 takes this many values in a filter. */
const mostValues = 200

/** In filters `*` and `?` are wildcards; in ids they are not. */
const literal = (value: string): string => value.replace(/[\\*?]/g, String.raw`\$&`)

/**
 * Reads by native id, and looks for what operations have created, by their
 * tags. Several ids go into a filter, because a call by ids fails for all of
 * them if one does not exist.
 */
export const reads = <A extends { readonly Tags?: Parameters<typeof Tags.fromService>[0] }>({
  byId,
  filter,
  idOf,
  page,
}: Kind<A>) => {
  const filtered = (
    { call }: Connection<EC2>,
    Name: string,
    ids: ReadonlyArray<string>,
    keyOf: (resource: A) => string | undefined,
  ) =>
    Effect.map(
      allPages((NextToken) =>
        call((ec2, options) => page(ec2, { Filters: [{ Name, Values: ids.map(literal) }], NextToken }, options)),
      ),
      (found) =>
        new Map(
          found.flatMap((resource) => {
            const key = keyOf(resource)
            return key === undefined ? [] : [[key, resource] as const]
          }),
        ),
    )
  /** Under each key in turn, as long as there are operations of which nothing was found. */
  const made = Effect.fnUntraced(function* (connection: Connection<EC2>, operationIds: ReadonlyArray<string>) {
    const found = new Map<string, A>()
    for (const key of connection.keys.known) {
      const missing = operationIds.filter((id) => !found.has(id))
      if (missing.length === 0) break
      const valueOf = ({ Tags: tags }: A) => tags?.find(({ Key }) => Key === key)?.Value
      for (const [id, resource] of yield* filtered(connection, `tag:${key}`, missing, valueOf)) found.set(id, resource)
    }
    return found
  })
  return {
    read: batchedReads<EC2, A>({
      size: mostValues,
      one: ({ call }, id) =>
        Effect.map(
          call((ec2, options) => byId(ec2, id, options)),
          (found) => found?.[0],
        ),
      several: (connection, ids) => filtered(connection, filter, ids, idOf),
    }),
    createdBy: batchedReads<EC2, A>({
      size: mostValues,
      one: (connection, operationId) => Effect.map(made(connection, [operationId]), (found) => found.get(operationId)),
      several: made,
    }),
  }
}

/** The resource that was read. Fails with `NotFound` if there is none. */
export const existing = <A>(
  subject: string,
  read: Effect.Effect<A | undefined, ProviderError>,
): Effect.Effect<A, ProviderError> =>
  Effect.filterOrFail(read, Predicate.isNotUndefined, () => ProviderError.of("NotFound", `EC2: there is no ${subject}`))

export const putTags = ({ call }: Connection<EC2>, { nativeId }: Description, tags: Array<Tags.Tag>) =>
  call((ec2, options) => ec2.createTags({ Resources: [nativeId], Tags: tags }, options))

export const removeTags = ({ call }: Connection<EC2>, { nativeId }: Description, keys: Array<string>) =>
  call((ec2, options) => ec2.deleteTags({ Resources: [nativeId], Tags: keys.map((Key) => ({ Key })) }, options))

/** EC2 has no pages with fewer than five items. */
export const pageInput = (page: PageRequest) => ({
  MaxResults: clampPageSize(5, 1000, page),
  NextToken: page.pageToken,
})
