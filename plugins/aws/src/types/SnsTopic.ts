/** AWS::SNS::Topic. Its native id is its ARN. */
import type { SNS } from "@aws-sdk/client-sns"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import { partitionOf } from "../Target.ts"

const properties = Schema.Struct({
  TopicName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,256}$/u, { message: "Expected a topic name" })),
  ),
  DisplayName: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  TopicArn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<SNS>, TopicArn: string) {
  const { answer, tags } = yield* Effect.all(
    {
      answer: ask((sns, options) => sns.getTopicAttributes({ TopicArn }, options)),
      tags: ask((sns, options) => sns.listTagsForResource({ ResourceArn: TopicArn }, options)).pipe(
        Effect.map((found) => Tags.fromService(found.Tags)),
      ),
    },
    { concurrency: "unbounded" },
  )
  const { DisplayName, TopicArn: arn = TopicArn } = answer.Attributes ?? {}
  return {
    nativeId: TopicArn,
    tags,
    properties: returned({
      TopicName: arn.split(":").at(-1),
      // SNS has the empty name for none.
      DisplayName: DisplayName === "" ? undefined : DisplayName,
      Tags: Tags.visible(tags),
      TopicArn: arn,
    }),
  }
})

/**
 * SNS asks for the ARN of a topic, which holds the number of the account. Any
 * other topic shows that number; and where there is no topic, there is not this one.
 */
const arnOf = ({ ask, target }: At<SNS>, name: string): Effect.Effect<string, ProviderError> =>
  Effect.flatMap(
    ask((sns, options) => sns.listTopics({}, options)),
    ({ Topics = [] }) => {
      const account = Topics[0]?.TopicArn?.split(":")[4]
      return account === undefined
        ? Effect.fail(ProviderError.of("NotFound", "SNS: there are no topics"))
        : Effect.succeed(`arn:${partitionOf(target)}:sns:${target.region}:${account}:${name}`)
    },
  )

export const SnsTopic = awsResource({
  type: "AWS::SNS::Topic",
  idempotency: "name",
  properties,
  client: ({ sns }, target) => sns(target),
  describe,
  find: (at, { properties }) => arnOf(at, properties.TopicName),
  create: ({ ask }, { properties: { DisplayName, TopicName }, tags }) => {
    const input = { Name: TopicName, Attributes: DisplayName === undefined ? {} : { DisplayName }, Tags: tags }
    return Effect.flatMap(
      ask((sns, options) => sns.createTopic(input, options)),
      ({ TopicArn }) => required("TopicArn", TopicArn),
    )
  },
  update: ({ ask }, change) => {
    const TopicArn = change.present.nativeId
    const name = Patch.wanted(change, "DisplayName", "")
    if (name === undefined) return Effect.void
    const input = { TopicArn, AttributeName: "DisplayName", AttributeValue: name }
    return Effect.asVoid(ask((sns, options) => sns.setTopicAttributes(input, options)))
  },
  putTags: ({ ask }, { nativeId: ResourceArn }, tags) =>
    ask((sns, options) => sns.tagResource({ ResourceArn, Tags: tags }, options)),
  removeTags: ({ ask }, { nativeId: ResourceArn }, TagKeys) =>
    ask((sns, options) => sns.untagResource({ ResourceArn, TagKeys }, options)),
  delete: ({ ask }, TopicArn) => ask((sns, options) => sns.deleteTopic({ TopicArn }, options)),
  list: ({ ask }, { pageToken }) =>
    Effect.map(
      ask((sns, options) => sns.listTopics({ NextToken: pageToken }, options)),
      ({ NextToken, Topics }) => ({ ids: Topics?.map(({ TopicArn }) => TopicArn), next: NextToken }),
    ),
})
