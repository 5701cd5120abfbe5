/** AWS::Logs::LogGroup. Its native id is its name. */
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { textOf } from "../LastRead.ts"
import { clampPageSize } from "../Listing.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import { logGroup } from "./LogGroupReads.ts"

/** The only numbers of days that CloudWatch Logs accepts. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const

const properties = Schema.Struct({
  LogGroupName: Property.named({ letters: "any", separator: "-", maxLength: 512 })(
    Schema.String.check(Schema.isPattern(/^[.\-_/#A-Za-z0-9]{1,512}$/u, { message: "Expected a log group name" })),
  ),
  LogGroupClass: Schema.optionalKey(Schema.Literals(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"])).pipe(
    Property.createOnly,
    Property.defaultsTo("STANDARD"),
  ),
  RetentionInDays: Schema.optionalKey(Schema.Literals(retentions)),
  KmsKeyId: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Tags.property,
  Arn: Property.output(Schema.String),
})

/** The ARN of a log group ends with a wildcard for its streams, which the tag calls do not accept. */
const withoutStreams = (arn: string): string => arn.replace(/:\*$/, "")

const describe = Effect.fnUntraced(function* (
  connection: Connection<CloudWatchLogs>,
  name: string,
  knownTags?: Tags.Tags,
) {
  const { call } = connection
  const found = yield* logGroup(connection, name)
  if (found === undefined) return yield* ProviderError.of("NotFound", `CloudWatch Logs: there is no log group ${name}`)
  const resourceArn = withoutStreams(yield* required("arn", found.arn))
  const tags =
    knownTags ??
    Tags.fromRecord((yield* call((logs, options) => logs.listTagsForResource({ resourceArn }, options))).tags)
  const set = returned({
    LogGroupName: name,
    LogGroupClass: found.logGroupClass,
    RetentionInDays: found.retentionInDays,
    KmsKeyId: found.kmsKeyId,
    Arn: found.arn,
  })
  return { nativeId: name, tags, properties: { ...set, Tags: Tags.visible(tags, connection.keys) } }
})

const putRetention = ({ call }: Connection<CloudWatchLogs>, logGroupName: string, retentionInDays: number) =>
  call((logs, options) => logs.putRetentionPolicy({ logGroupName, retentionInDays }, options))

export const LogsLogGroup = awsResource({
  type: "AWS::Logs::LogGroup",
  idempotency: "name",
  properties,
  identify: (_, { LogGroupName }) => Effect.succeed(LogGroupName),
  client: ({ logs }, target) => logs(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.LogGroupName),
  // CreateLogGroup: ResourceAlreadyExistsException, "the specified resource already exists".
  refusesSecond: true,
  create: ({ call }, { properties: { KmsKeyId, LogGroupClass, LogGroupName }, tags }) =>
    Effect.as(
      call((logs, options) =>
        logs.createLogGroup(
          { logGroupName: LogGroupName, logGroupClass: LogGroupClass, kmsKeyId: KmsKeyId, tags: Tags.toRecord(tags) },
          options,
        ),
      ),
      LogGroupName,
    ),
  isConfigured: ({ RetentionInDays }) => RetentionInDays === undefined,
  configure: (connection, name, { RetentionInDays = 0 }) => putRetention(connection, name, RetentionInDays),
  update: Effect.fnUntraced(function* (connection, change) {
    const { call } = connection
    const logGroupName = change.nativeId
    const days = Patch.wanted(change, "RetentionInDays", "for ever" as const)
    if (days === "for ever") yield* call((logs, options) => logs.deleteRetentionPolicy({ logGroupName }, options))
    else if (days !== undefined) yield* putRetention(connection, logGroupName, days)
    const kmsKeyId = Patch.wanted(change, "KmsKeyId", "none" as const)
    if (kmsKeyId === "none") yield* call((logs, options) => logs.disassociateKmsKey({ logGroupName }, options))
    else if (kmsKeyId !== undefined) {
      yield* call((logs, options) => logs.associateKmsKey({ logGroupName, kmsKeyId }, options))
    }
  }),
  putTags: ({ call }, present, tags) =>
    Effect.flatMap(textOf(present, "Arn"), (arn) =>
      call((logs, options) =>
        logs.tagResource({ resourceArn: withoutStreams(arn), tags: Tags.toRecord(tags) }, options),
      ),
    ),
  removeTags: ({ call }, present, tagKeys) =>
    Effect.flatMap(textOf(present, "Arn"), (arn) =>
      call((logs, options) => logs.untagResource({ resourceArn: withoutStreams(arn), tagKeys }, options)),
    ),
  delete: ({ call }, logGroupName) => call((logs, options) => logs.deleteLogGroup({ logGroupName }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((logs, options) =>
        logs.describeLogGroups({ limit: clampPageSize(1, 50, page), nextToken: page.pageToken }, options),
      ),
      ({ logGroups, nextToken }) => ({ ids: logGroups?.map(({ logGroupName }) => logGroupName), next: nextToken }),
    ),
})
