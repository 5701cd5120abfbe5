/** AWS::Logs::LogGroup. Its native id is its name. */
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { within } from "../Listing.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  LogGroupName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[.\-_/#A-Za-z0-9]{1,512}$/u, { message: "Expected a log group's name" })),
  ),
  LogGroupClass: Property.createOnly(
    Schema.optionalKey(Schema.Literals(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"])),
  ),
  RetentionInDays: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))),
  KmsKeyId: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Arn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<CloudWatchLogs>, name: string) {
  // The names that begin like this one come in their order, this one first.
  const { logGroups = [] } = yield* ask((logs, options) =>
    logs.describeLogGroups({ logGroupNamePrefix: name, limit: 1 }, options),
  )
  const found = logGroups.find(({ logGroupName }) => logGroupName === name)
  if (found === undefined) return yield* ProviderError.of("NotFound", `CloudWatch Logs: there is no log group ${name}`)
  // Of the streams in it, which tags do not know.
  const resourceArn = (yield* required("arn", found.arn)).replace(/:\*$/, "")
  const tags = Tags.fromRecord((yield* ask((logs, options) => logs.listTagsForResource({ resourceArn }, options))).tags)
  const set = returned({
    LogGroupName: name,
    LogGroupClass: found.logGroupClass,
    RetentionInDays: found.retentionInDays,
    KmsKeyId: found.kmsKeyId,
    Arn: found.arn,
  })
  return { nativeId: name, resourceArn, tags, properties: { ...set, Tags: Tags.visible(tags) } }
})

const putRetention = ({ ask }: At<CloudWatchLogs>, logGroupName: string, retentionInDays: number) =>
  ask((logs, options) => logs.putRetentionPolicy({ logGroupName, retentionInDays }, options))

export const LogsLogGroup = awsResource({
  type: "AWS::Logs::LogGroup",
  idempotency: "name",
  properties,
  client: ({ logs }, target) => logs(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.LogGroupName),
  create: ({ ask }, { properties: { KmsKeyId, LogGroupClass, LogGroupName }, tags }) =>
    Effect.as(
      ask((logs, options) =>
        logs.createLogGroup(
          { logGroupName: LogGroupName, logGroupClass: LogGroupClass, kmsKeyId: KmsKeyId, tags: Tags.toRecord(tags) },
          options,
        ),
      ),
      LogGroupName,
    ),
  isConfigured: ({ RetentionInDays }) => RetentionInDays === undefined,
  configure: (at, name, { RetentionInDays = 0 }) => putRetention(at, name, RetentionInDays),
  update: Effect.fnUntraced(function* (at, change) {
    const { ask } = at
    const logGroupName = change.present.nativeId
    const days = Patch.wanted(change, "RetentionInDays", "for ever" as const)
    if (days === "for ever") yield* ask((logs, options) => logs.deleteRetentionPolicy({ logGroupName }, options))
    else if (days !== undefined) yield* putRetention(at, logGroupName, days)
    const kmsKeyId = Patch.wanted(change, "KmsKeyId", "none" as const)
    if (kmsKeyId === "none") yield* ask((logs, options) => logs.disassociateKmsKey({ logGroupName }, options))
    else if (kmsKeyId !== undefined) {
      yield* ask((logs, options) => logs.associateKmsKey({ logGroupName, kmsKeyId }, options))
    }
  }),
  putTags: ({ ask }, { resourceArn }, tags) =>
    ask((logs, options) => logs.tagResource({ resourceArn, tags: Tags.toRecord(tags) }, options)),
  removeTags: ({ ask }, { resourceArn }, tagKeys) =>
    ask((logs, options) => logs.untagResource({ resourceArn, tagKeys }, options)),
  delete: ({ ask }, logGroupName) => ask((logs, options) => logs.deleteLogGroup({ logGroupName }, options)),
  list: ({ ask }, page) =>
    Effect.map(
      ask((logs, options) =>
        logs.describeLogGroups({ limit: within(1, 50, page), nextToken: page.pageToken }, options),
      ),
      ({ logGroups, nextToken }) => ({ ids: logGroups?.map(({ logGroupName }) => logGroupName), next: nextToken }),
    ),
})
