/** What the resources of EC2 have in common: tags in the create itself, filters to find them by, and pages. */
import type { EC2, ResourceType } from "@aws-sdk/client-ec2"
import { ProviderError } from "formae/plugin"
import type { OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import type { At } from "./AwsResourceSpec.ts"
import { type PageRequest, within } from "./Listing.ts"
import type { Described } from "./Ownership.ts"
import { operationKey, type Tag } from "./Tags.ts"

export const tagged = (ResourceType: ResourceType, tags: Array<Tag>) => ({
  TagSpecifications: [{ ResourceType, Tags: tags }],
})

/** Filters know `*` and `?`, which in an operation id stand for themselves. */
export const madeBy = (operationId: OperationId) => ({
  Filters: [{ Name: `tag:${operationKey}`, Values: [operationId.replace(/[\\*?]/g, String.raw`\$&`)] }],
})

/** The first of what was found, which is the only one. */
export const only = <A>(subject: string, found: ReadonlyArray<A> | undefined): Effect.Effect<A, ProviderError> => {
  const first = found?.[0]
  return first === undefined
    ? Effect.fail(ProviderError.of("NotFound", `EC2: there is no ${subject}`))
    : Effect.succeed(first)
}

export const putTags = ({ ask }: At<EC2>, { nativeId }: Described, tags: Array<Tag>) =>
  ask((ec2, options) => ec2.createTags({ Resources: [nativeId], Tags: tags }, options))

export const removeTags = ({ ask }: At<EC2>, { nativeId }: Described, keys: Array<string>) =>
  ask((ec2, options) => ec2.deleteTags({ Resources: [nativeId], Tags: keys.map((Key) => ({ Key })) }, options))

/** EC2 has no pages of less than five. */
export const pageOf = (page: PageRequest) => ({ MaxResults: within(5, 1000, page), NextToken: page.pageToken })
