/** AWS::SNS::Topic. Its native id is its ARN. */
import type { SNS } from "@aws-sdk/client-sns"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Service } from "../AwsClients.ts"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import { partitionOf } from "../Target.ts"

const properties = Schema.Struct({
  TopicName: Property.named({ letters: "any", separator: "-", maxLength: 256 })(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,256}$/u, { message: "Expected a topic name" })),
  ),
  DisplayName: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Tags.property,
  TopicArn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* (
  { call, keys }: Connection<SNS>,
  TopicArn: string,
  knownTags?: Tags.Tags,
) {
  const { answer, tags } = yield* Effect.all(
    {
      answer: call((sns, options) => sns.getTopicAttributes({ TopicArn }, options)),
      tags: knownTags ? Effect.succeed(knownTags) : tagsOf(call, TopicArn),
    },
    { concurrency: "unbounded" },
  )
  const { DisplayName, TopicArn: arn = TopicArn } = answer.Attributes ?? {}
  return {
    nativeId: TopicArn,
    tags,
    properties: returned({
      TopicName: arn.split(":").at(-1),
      // In SNS an empty name stands for none.
      DisplayName: DisplayName === "" ? undefined : DisplayName,
      Tags: Tags.visible(tags, keys),
      TopicArn: arn,
    }),
  }
})

const tagsOf = (sns: Service<SNS>, ResourceArn: string) =>
  Effect.map(
    sns((client, options) => client.listTagsForResource({ ResourceArn }, options)),
    (found) => Tags.fromService(found.Tags),
  )

/**
 * SNS finds a topic only by its ARN, which contains the account number. Where
 * that cannot be asked, any topic of the account shows it. If there is no topic
 * at all, then this one does not exist either.
 */
const accountOf = ({ call, clients, target }: Connection<SNS>): Effect.Effect<string, ProviderError> =>
  Effect.gen(function* () {
    const known = yield* Effect.orElseSucceed(clients.account(target), () => undefined)
    if (known !== undefined) return known
    const { Topics = [] } = yield* call((sns, options) => sns.listTopics({}, options))
    const shown = Topics[0]?.TopicArn?.split(":")[4]
    return shown ?? (yield* ProviderError.of("NotFound", "SNS: there are no topics"))
  })

/** Fails with `NotFound` if there is none. */
const find = Effect.fnUntraced(function* (connection: Connection<SNS>, name: string) {
  const { call, target } = connection
  const TopicArn = `arn:${partitionOf(target)}:sns:${target.region}:${yield* accountOf(connection)}:${name}`
  yield* call((sns, options) => sns.getTopicAttributes({ TopicArn }, options))
  return TopicArn
})

export const SnsTopic = awsResource({
  type: "AWS::SNS::Topic",
  idempotency: "name",
  properties,
  identify: (_, { TopicName: name }, { account, partition, region }) =>
    Effect.succeed(
      name === undefined || account === undefined ? undefined : `arn:${partition}:sns:${region}:${account}:${name}`,
    ),
  client: ({ sns }, target) => sns(target),
  describe,
  find: (connection, { properties }) => find(connection, properties.TopicName),
  create: ({ call }, { properties: { DisplayName, TopicName }, tags }) => {
    const input = { Name: TopicName, Attributes: DisplayName === undefined ? {} : { DisplayName }, Tags: tags }
    return Effect.flatMap(
      call((sns, options) => sns.createTopic(input, options)),
      ({ TopicArn }) => required("TopicArn", TopicArn),
    )
  },
  update: ({ call }, change) => {
    const TopicArn = change.nativeId
    const name = Patch.wanted(change, "DisplayName", "")
    if (name === undefined) return Effect.void
    const input = { TopicArn, AttributeName: "DisplayName", AttributeValue: name }
    return Effect.asVoid(call((sns, options) => sns.setTopicAttributes(input, options)))
  },
  putTags: ({ call }, { nativeId: ResourceArn }, tags) =>
    call((sns, options) => sns.tagResource({ ResourceArn, Tags: tags }, options)),
  removeTags: ({ call }, { nativeId: ResourceArn }, TagKeys) =>
    call((sns, options) => sns.untagResource({ ResourceArn, TagKeys }, options)),
  delete: ({ call }, TopicArn) => call((sns, options) => sns.deleteTopic({ TopicArn }, options)),
  list: ({ call }, { pageToken }) =>
    Effect.map(
      call((sns, options) => sns.listTopics({ NextToken: pageToken }, options)),
      ({ NextToken, Topics }) => ({ ids: Topics?.map(({ TopicArn }) => TopicArn), next: NextToken }),
    ),
})
