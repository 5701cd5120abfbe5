/** AWS::DSQL::Cluster. The service assigns its native id, and recognizes a repeated create by its token. */
import type { DSQL } from "@aws-sdk/client-dsql"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Readiness } from "../AwsResourceSpec.ts"
import type { Connection } from "../Connection.ts"
import { textOf } from "../LastRead.ts"
import { clampPageSize } from "../Listing.ts"
import { operationToken } from "../operationToken.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  DeletionProtectionEnabled: Schema.optionalKey(Schema.Boolean),
  KmsEncryptionKey: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Tags.property,
  Identifier: Property.output(Schema.String),
  ResourceArn: Property.output(Schema.String),
  Endpoint: Property.output(Schema.String),
})

/** DSQL protects a cluster from deletion unless told otherwise. */
const protectedByDefault = true
const awsOwnedKey = "AWS_OWNED_KMS_KEY"

const describe = Effect.fnUntraced(function* ({ call, keys }: Connection<DSQL>, identifier: string) {
  const cluster = yield* call((dsql, options) => dsql.getCluster({ identifier }, options))
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
    status: cluster.status,
    tags,
    properties: { ...set, Tags: Tags.visible(tags, keys), Identifier: identifier, ResourceArn: resourceArn },
  }
})

/** An idle or inactive cluster counts as ready, because it wakes up when it is used. */
export const readinessOf = ({
  nativeId,
  status,
}: {
  readonly nativeId: string
  readonly status: string | undefined
}): Readiness => {
  switch (status) {
    case "ACTIVE":
    case "IDLE":
    case "INACTIVE":
      return "Ready"
    case "CREATING":
    case "UPDATING":
    case "PENDING_SETUP":
      return "NotReady"
    default:
      return ProviderError.of("GeneralServiceException", `DSQL: the cluster ${nativeId} is ${status}, not ACTIVE`)
  }
}

export const DsqlCluster = awsResource({
  type: "AWS::DSQL::Cluster",
  idempotency: "token",
  properties,
  client: ({ dsql }, target) => dsql(target),
  describe,
  readiness: readinessOf,
  create: ({ call }, { operationId, properties: { DeletionProtectionEnabled, KmsEncryptionKey }, tags }) => {
    const settings = { deletionProtectionEnabled: DeletionProtectionEnabled, kmsEncryptionKey: KmsEncryptionKey }
    const input = { ...settings, tags: Tags.toRecord(tags), clientToken: operationToken(operationId) }
    return Effect.flatMap(
      call((dsql, options) => dsql.createCluster(input, options)),
      ({ identifier }) => required("identifier", identifier),
    )
  },
  update: (connection, change) => {
    const identifier = change.nativeId
    const deletionProtectionEnabled = Patch.wanted(change, "DeletionProtectionEnabled", protectedByDefault)
    const kmsEncryptionKey = Patch.wanted(change, "KmsEncryptionKey", awsOwnedKey)
    if (deletionProtectionEnabled === undefined && kmsEncryptionKey === undefined) return Effect.void
    const clientToken = operationToken(change.operationId)
    return connection.call((dsql, options) =>
      dsql.updateCluster({ identifier, deletionProtectionEnabled, kmsEncryptionKey, clientToken }, options),
    )
  },
  putTags: ({ call }, present, tags) =>
    Effect.flatMap(textOf(present, "ResourceArn"), (resourceArn) =>
      call((dsql, options) => dsql.tagResource({ resourceArn, tags: Tags.toRecord(tags) }, options)),
    ),
  removeTags: ({ call }, present, tagKeys) =>
    Effect.flatMap(textOf(present, "ResourceArn"), (resourceArn) =>
      call((dsql, options) => dsql.untagResource({ resourceArn, tagKeys }, options)),
    ),
  delete: ({ call }, identifier) => call((dsql, options) => dsql.deleteCluster({ identifier }, options)),
  deletesLater: true,
  list: ({ call }, page) =>
    Effect.map(
      call((dsql, options) =>
        dsql.listClusters({ maxResults: clampPageSize(1, 100, page), nextToken: page.pageToken }, options),
      ),
      ({ clusters, nextToken }) => ({ ids: clusters?.map(({ identifier }) => identifier), next: nextToken }),
    ),
})
