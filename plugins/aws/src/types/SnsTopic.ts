/** AWS::SNS::Topic. Its native id is its ARN. */
import type { SNS } from "@aws-sdk/client-sns"
import { Answer, defineResource, Property, ProviderError } from "formae/plugin"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AwsClients, type Service } from "../AwsClients.ts"
import { createOnce, type Described } from "../Ownership.ts"
import { isRemoved } from "../Patch.ts"
import { required, returned } from "../Returned.ts"
import * as Tags from "../Tags.ts"
import { partitionOf, Target } from "../Target.ts"

const properties = Schema.Struct({
  TopicName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,256}$/u, { message: "Expected a topic name" })),
  ),
  DisplayName: Schema.optionalKey(Schema.NonEmptyString),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  TopicArn: Property.output(Schema.String),
})

export const SnsTopic = defineResource({
  type: "AWS::SNS::Topic",
  properties,
  target: Target,
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const sns = (yield* AwsClients).sns(target)
    const { DisplayName, TopicName } = properties
    const input = {
      Name: TopicName,
      Attributes: DisplayName === undefined ? {} : { DisplayName },
      Tags: Tags.withOperation(properties.Tags, operationId),
    }
    const described = yield* createOnce({
      subject: `The topic ${TopicName}`,
      operationId,
      find: Effect.flatMap(arnOf(sns, target, TopicName), (arn) => describe(sns, arn)),
      create: Effect.flatMap(
        sns((client, options) => client.createTopic(input, options)),
        ({ TopicArn }) => required("TopicArn", TopicArn),
      ),
      describe: (arn) => describe(sns, arn),
    })
    return Answer.succeeded(described)
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    return (yield* describe((yield* AwsClients).sns(target), nativeId)).properties
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId: TopicArn, patch, target }) {
    const sns = (yield* AwsClients).sns(target)
    const name = desired.DisplayName ?? (isRemoved(patch, "DisplayName") ? "" : undefined)
    if (name !== undefined) {
      yield* sns((client, options) =>
        client.setTopicAttributes({ TopicArn, AttributeName: "DisplayName", AttributeValue: name }, options),
      )
    }
    const tags = Tags.wanted({ desired, patch })
    if (tags !== undefined) yield* changeTags(sns, TopicArn, Tags.changes(yield* tagsOf(sns, TopicArn), tags))
    return Answer.succeeded(yield* describe(sns, TopicArn))
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const sns = (yield* AwsClients).sns(target)
    yield* sns((client, options) => client.deleteTopic({ TopicArn: nativeId }, options))
    return Answer.deleted(nativeId)
  }),
  list: Effect.fnUntraced(function* ({ pageToken, target }) {
    const sns = (yield* AwsClients).sns(target)
    const page = yield* sns((client, options) => client.listTopics({ NextToken: pageToken }, options))
    const nativeIds = (page.Topics ?? []).flatMap(({ TopicArn }) =>
      TopicArn === undefined ? [] : [NativeId.make(TopicArn)],
    )
    return page.NextToken === undefined ? { nativeIds } : { nativeIds, nextPageToken: page.NextToken }
  }),
})

/**
 * SNS asks for the ARN of a topic, which holds the number of the account. Any
 * other topic shows that number; and where there is no topic, there is not this one.
 */
const arnOf = (sns: Service<SNS>, target: Target, name: string): Effect.Effect<string, ProviderError> =>
  Effect.flatMap(
    sns((client, options) => client.listTopics({}, options)),
    ({ Topics = [] }) => {
      const account = Topics[0]?.TopicArn?.split(":")[4]
      return account === undefined
        ? Effect.fail(ProviderError.of("NotFound", "SNS: there are no topics"))
        : Effect.succeed(`arn:${partitionOf(target)}:sns:${target.region}:${account}:${name}`)
    },
  )

const describe = Effect.fnUntraced(function* (
  sns: Service<SNS>,
  TopicArn: string,
): Effect.fn.Return<Described, ProviderError> {
  const { answer, tags } = yield* Effect.all(
    {
      answer: sns((client, options) => client.getTopicAttributes({ TopicArn }, options)),
      tags: tagsOf(sns, TopicArn),
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

const tagsOf = (sns: Service<SNS>, ResourceArn: string) =>
  Effect.map(
    sns((client, options) => client.listTagsForResource({ ResourceArn }, options)),
    (answer) => Tags.fromService(answer.Tags),
  )

const changeTags = Effect.fnUntraced(function* (
  sns: Service<SNS>,
  ResourceArn: string,
  { put, remove }: ReturnType<typeof Tags.changes>,
) {
  if (remove.length > 0)
    yield* sns((client, options) => client.untagResource({ ResourceArn, TagKeys: remove }, options))
  if (put.length > 0) yield* sns((client, options) => client.tagResource({ ResourceArn, Tags: put }, options))
})
