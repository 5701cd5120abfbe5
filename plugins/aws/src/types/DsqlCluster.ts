/** AWS::DSQL::Cluster. Its native id is made up by the service, which knows a repeated create by its token. */
import type { DSQL } from "@aws-sdk/client-dsql"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At, Settling } from "../AwsResourceSpec.ts"
import { within } from "../Listing.ts"
import { operationToken } from "../operationToken.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  DeletionProtectionEnabled: Schema.optionalKey(Schema.Boolean),
  KmsEncryptionKey: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Identifier: Property.output(Schema.String),
  ResourceArn: Property.output(Schema.String),
  Endpoint: Property.output(Schema.String),
})

/** DSQL protects a cluster from deletion where nothing is said. */
const protectedByDefault = true
const awsOwnedKey = "AWS_OWNED_KMS_KEY"

const describe = Effect.fnUntraced(function* ({ ask }: At<DSQL>, identifier: string) {
  const cluster = yield* ask((dsql, options) => dsql.getCluster({ identifier }, options))
  if (cluster.status === "DELETED") {
    return yield* ProviderError.of("NotFound", `DSQL: the cluster ${identifier} is deleted`)
  }
  const resourceArn = yield* required("arn", cluster.arn)
  const tags = Tags.fromRecord(cluster.tags)
  const set = returned({
    DeletionProtectionEnabled: cluster.deletionProtectionEnabled,
    KmsEncryptionKey: cluster.encryptionDetails?.kmsKeyArn,
    Endpoint: cluster.endpoint,
  })
  return {
    nativeId: identifier,
    resourceArn,
    status: cluster.status,
    tags,
    properties: { ...set, Tags: Tags.visible(tags), Identifier: identifier, ResourceArn: resourceArn },
  }
})

/** An idle cluster sleeps, and wakes when it is spoken to. */
export const settlingOf = ({
  nativeId,
  status,
}: {
  readonly nativeId: string
  readonly status: string | undefined
}): Settling => {
  switch (status) {
    case "ACTIVE":
    case "IDLE":
    case "INACTIVE":
      return "Settled"
    case "CREATING":
    case "UPDATING":
    case "PENDING_SETUP":
      return "Settling"
    default:
      return ProviderError.of("GeneralServiceException", `DSQL: the cluster ${nativeId} is ${status}, and not ACTIVE`)
  }
}

export const DsqlCluster = awsResource({
  type: "AWS::DSQL::Cluster",
  idempotency: "token",
  properties,
  client: ({ dsql }, target) => dsql(target),
  describe,
  settling: settlingOf,
  create: ({ ask }, { operationId, properties: { DeletionProtectionEnabled, KmsEncryptionKey }, tags }) => {
    const settings = { deletionProtectionEnabled: DeletionProtectionEnabled, kmsEncryptionKey: KmsEncryptionKey }
    const input = { ...settings, tags: Tags.toRecord(tags), clientToken: operationToken(operationId) }
    return Effect.flatMap(
      ask((dsql, options) => dsql.createCluster(input, options)),
      ({ identifier }) => required("identifier", identifier),
    )
  },
  update: (at, change) => {
    const identifier = change.present.nativeId
    const deletionProtectionEnabled = Patch.wanted(change, "DeletionProtectionEnabled", protectedByDefault)
    const kmsEncryptionKey = Patch.wanted(change, "KmsEncryptionKey", awsOwnedKey)
    if (deletionProtectionEnabled === undefined && kmsEncryptionKey === undefined) return Effect.void
    const clientToken = operationToken(change.operationId)
    return at.ask((dsql, options) =>
      dsql.updateCluster({ identifier, deletionProtectionEnabled, kmsEncryptionKey, clientToken }, options),
    )
  },
  putTags: ({ ask }, { resourceArn }, tags) =>
    ask((dsql, options) => dsql.tagResource({ resourceArn, tags: Tags.toRecord(tags) }, options)),
  removeTags: ({ ask }, { resourceArn }, tagKeys) =>
    ask((dsql, options) => dsql.untagResource({ resourceArn, tagKeys }, options)),
  delete: ({ ask }, identifier) => ask((dsql, options) => dsql.deleteCluster({ identifier }, options)),
  deletesLater: true,
  list: ({ ask }, page) =>
    Effect.map(
      ask((dsql, options) =>
        dsql.listClusters({ maxResults: within(1, 100, page), nextToken: page.pageToken }, options),
      ),
      ({ clusters, nextToken }) => ({ ids: clusters?.map(({ identifier }) => identifier), next: nextToken }),
    ),
})
