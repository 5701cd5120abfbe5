/** What the resources of EC2 have in common: tags sent with the create, filters that find them, and pages. */
import type { EC2, ResourceType } from "@aws-sdk/client-ec2"
import { ProviderError } from "formae/plugin"
import type { OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { Connection } from "./Connection.ts"
import { clampPageSize, type PageRequest } from "./Listing.ts"
import type { Description } from "./Ownership.ts"
import { operationKey, type Tag } from "./Tags.ts"

export const tagSpecifications = (ResourceType: ResourceType, tags: Array<Tag>) => ({
  TagSpecifications: [{ ResourceType, Tags: tags }],
})

/** Finds what an operation created. In filters `*` and `?` are wildcards; in an operation id they are not. */
export const createdBy = (operationId: OperationId) => ({
  Filters: [{ Name: `tag:${operationKey}`, Values: [operationId.replace(/[\\*?]/g, String.raw`\$&`)] }],
})

/** The one resource that was found. Fails with `NotFound` if there is none. */
export const single = <A>(subject: string, found: ReadonlyArray<A> | undefined): Effect.Effect<A, ProviderError> => {
  const first = found?.[0]
  return first === undefined
    ? Effect.fail(ProviderError.of("NotFound", `EC2: there is no ${subject}`))
    : Effect.succeed(first)
}

export const putTags = ({ call }: Connection<EC2>, { nativeId }: Description, tags: Array<Tag>) =>
  call((ec2, options) => ec2.createTags({ Resources: [nativeId], Tags: tags }, options))

export const removeTags = ({ call }: Connection<EC2>, { nativeId }: Description, keys: Array<string>) =>
  call((ec2, options) => ec2.deleteTags({ Resources: [nativeId], Tags: keys.map((Key) => ({ Key })) }, options))

/** EC2 has no pages with fewer than five items. */
export const pageInput = (page: PageRequest) => ({
  MaxResults: clampPageSize(5, 1000, page),
  NextToken: page.pageToken,
})
