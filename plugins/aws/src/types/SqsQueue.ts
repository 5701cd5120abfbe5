/** AWS::SQS::Queue. Its native id is its URL. */
import type { SQS } from "@aws-sdk/client-sqs"
import { Answer, defineResource, Property, type ProviderError } from "formae/plugin"
import { NativeId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AwsClients, type Service } from "../AwsClients.ts"
import { createOnce, type Described } from "../Ownership.ts"
import { required, returned } from "../Returned.ts"
import * as Tags from "../Tags.ts"
import { Target } from "../Target.ts"
import { between, decodeAttributes, RedrivePolicy, removedToDefault, settable } from "./SqsAttributes.ts"

const properties = Schema.Struct({
  QueueName: Property.createOnly(
    Schema.String.check(
      Schema.isPattern(/^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/u, { message: "Expected a queue name" }),
    ),
  ),
  FifoQueue: Property.createOnly(Schema.optionalKey(Schema.Boolean)),
  ContentBasedDeduplication: Schema.optionalKey(Schema.Boolean),
  DelaySeconds: Schema.optionalKey(between(0, 900)),
  MaximumMessageSize: Schema.optionalKey(between(1024, 1_048_576)),
  MessageRetentionPeriod: Schema.optionalKey(between(60, 1_209_600)),
  ReceiveMessageWaitTimeSeconds: Schema.optionalKey(between(0, 20)),
  VisibilityTimeout: Schema.optionalKey(between(0, 43_200)),
  RedrivePolicy: Schema.optionalKey(RedrivePolicy),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Arn: Property.output(Schema.String),
  QueueUrl: Property.output(Schema.String),
})

export const SqsQueue = defineResource({
  type: "AWS::SQS::Queue",
  properties,
  target: Target,
  idempotency: "name",
  create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
    const sqs = (yield* AwsClients).sqs(target)
    const { FifoQueue, QueueName } = properties
    // SQS takes `FifoQueue` as true or not at all.
    const attributes = { ...(yield* settable(properties)), ...(FifoQueue === true ? { FifoQueue: "true" } : {}) }
    const tags = Tags.toRecord(Tags.withOperation(properties.Tags, operationId))
    const described = yield* createOnce({
      subject: `The queue ${QueueName}`,
      operationId,
      find: Effect.flatMap(
        sqs((client, options) => client.getQueueUrl({ QueueName }, options)),
        ({ QueueUrl }) => Effect.flatMap(required("QueueUrl", QueueUrl), (url) => describe(sqs, url)),
      ),
      create: Effect.flatMap(
        sqs((client, options) => client.createQueue({ QueueName, Attributes: attributes, tags }, options)),
        ({ QueueUrl }) => required("QueueUrl", QueueUrl),
      ),
      describe: (url) => describe(sqs, url),
    })
    return Answer.succeeded(described)
  }),
  read: Effect.fnUntraced(function* ({ nativeId, target }) {
    return (yield* describe((yield* AwsClients).sqs(target), nativeId)).properties
  }),
  update: Effect.fnUntraced(function* ({ desired, nativeId: QueueUrl, patch, target }) {
    const sqs = (yield* AwsClients).sqs(target)
    const attributes = { ...removedToDefault(patch), ...(yield* settable(desired)) }
    if (Object.keys(attributes).length > 0) {
      yield* sqs((client, options) => client.setQueueAttributes({ QueueUrl, Attributes: attributes }, options))
    }
    const tags = Tags.wanted({ desired, patch })
    if (tags !== undefined) yield* changeTags(sqs, QueueUrl, Tags.changes(yield* tagsOf(sqs, QueueUrl), tags))
    return Answer.succeeded(yield* describe(sqs, QueueUrl))
  }),
  delete: Effect.fnUntraced(function* ({ nativeId, target }) {
    const sqs = (yield* AwsClients).sqs(target)
    yield* sqs((client, options) => client.deleteQueue({ QueueUrl: nativeId }, options))
    return Answer.deleted(nativeId)
  }),
  list: Effect.fnUntraced(function* ({ pageSize = 1000, pageToken, target }) {
    const sqs = (yield* AwsClients).sqs(target)
    const page = yield* sqs((client, options) =>
      client.listQueues({ MaxResults: pageSize, NextToken: pageToken }, options),
    )
    const nativeIds = (page.QueueUrls ?? []).map((url) => NativeId.make(url))
    return page.NextToken === undefined ? { nativeIds } : { nativeIds, nextPageToken: page.NextToken }
  }),
})

const describe = Effect.fnUntraced(function* (
  sqs: Service<SQS>,
  QueueUrl: string,
): Effect.fn.Return<Described, ProviderError> {
  const { answer, tags } = yield* Effect.all(
    {
      answer: sqs((client, options) => client.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] }, options)),
      tags: tagsOf(sqs, QueueUrl),
    },
    { concurrency: "unbounded" },
  )
  const { QueueArn, ...attributes } = yield* decodeAttributes(answer.Attributes ?? {})
  const name = QueueArn?.split(":").at(-1)
  return {
    nativeId: QueueUrl,
    tags,
    properties: returned({
      QueueName: name,
      FifoQueue: false,
      ...attributes,
      Tags: Tags.visible(tags),
      Arn: QueueArn,
      QueueUrl,
    }),
  }
})

const tagsOf = (sqs: Service<SQS>, QueueUrl: string) =>
  Effect.map(
    sqs((client, options) => client.listQueueTags({ QueueUrl }, options)),
    (answer) => Tags.fromRecord(answer.Tags),
  )

const changeTags = Effect.fnUntraced(function* (
  sqs: Service<SQS>,
  QueueUrl: string,
  { put, remove }: ReturnType<typeof Tags.changes>,
) {
  if (remove.length > 0) yield* sqs((client, options) => client.untagQueue({ QueueUrl, TagKeys: remove }, options))
  if (put.length > 0) {
    yield* sqs((client, options) => client.tagQueue({ QueueUrl, Tags: Tags.toRecord(put) }, options))
  }
})
