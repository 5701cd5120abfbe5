/** AWS::SQS::Queue. Its native id is its URL. */
import type { SQS } from "@aws-sdk/client-sqs"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Service } from "../AwsClients.ts"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { clampPageSize } from "../Listing.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import { attributes, between, RedrivePolicy, resetAttributes, settable } from "./SqsAttributes.ts"

const properties = Schema.Struct({
  QueueName: Property.named({
    letters: "any",
    separator: "-",
    maxLength: 80,
    endings: [{ property: "FifoQueue", value: true, ending: ".fifo" }],
  })(
    Schema.String.check(
      Schema.isPattern(/^[A-Za-z0-9_-]+(\.fifo)?$/u, { message: "Expected a queue name" }),
      Schema.isMaxLength(80, { message: "Expected a queue name" }),
    ),
  ),
  FifoQueue: Property.createOnly(Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean))),
  ContentBasedDeduplication: Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean)),
  DelaySeconds: Property.defaultsTo(0)(Schema.optionalKey(between(0, 900))),
  MaximumMessageSize: Property.defaultsTo(1_048_576)(Schema.optionalKey(between(1024, 1_048_576))),
  MessageRetentionPeriod: Property.defaultsTo(345_600)(Schema.optionalKey(between(60, 1_209_600))),
  ReceiveMessageWaitTimeSeconds: Property.defaultsTo(0)(Schema.optionalKey(between(0, 20))),
  VisibilityTimeout: Property.defaultsTo(30)(Schema.optionalKey(between(0, 43_200))),
  RedrivePolicy: Schema.optionalKey(RedrivePolicy),
  Tags: Tags.property,
  Arn: Property.output(Schema.String),
  QueueUrl: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* (
  { call, keys }: Connection<SQS>,
  QueueUrl: string,
  knownTags?: Tags.Tags,
) {
  const { answer, tags } = yield* Effect.all(
    {
      answer: call((sqs, options) => sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] }, options)),
      tags: knownTags ? Effect.succeed(knownTags) : tagsOf(call, QueueUrl),
    },
    { concurrency: "unbounded" },
  )
  const { QueueArn, ...set } = yield* attributes.read(answer.Attributes)
  return {
    nativeId: QueueUrl,
    tags,
    properties: returned({
      QueueName: QueueArn?.split(":").at(-1),
      FifoQueue: false,
      ...set,
      Tags: Tags.visible(tags, keys),
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

const find = ({ call }: Connection<SQS>, QueueName: string) =>
  Effect.flatMap(
    call((sqs, options) => sqs.getQueueUrl({ QueueName }, options)),
    ({ QueueUrl }) => required("QueueUrl", QueueUrl),
  )

export const SqsQueue = awsResource({
  type: "AWS::SQS::Queue",
  idempotency: "name",
  properties,
  // The URL begins with a host that depends on how the service is reached.
  identify: (connection, { QueueName }) => (QueueName === undefined ? Effect.undefined : find(connection, QueueName)),
  client: ({ sqs }, target) => sqs(target),
  describe,
  find: (connection, { properties: { QueueName } }) => find(connection, QueueName),
  create: Effect.fnUntraced(function* ({ call }, { properties, tags }) {
    const { FifoQueue, QueueName } = properties
    // SQS accepts `FifoQueue` only if it is true.
    const Attributes = { ...(yield* settable(properties)), ...(FifoQueue === true ? { FifoQueue: "true" } : {}) }
    const input = { QueueName, Attributes, tags: Tags.toRecord(tags) }
    const { QueueUrl } = yield* call((sqs, options) => sqs.createQueue(input, options))
    return yield* required("QueueUrl", QueueUrl)
  }),
  update: Effect.fnUntraced(function* ({ call }, { desired, nativeId: QueueUrl, patch }) {
    const Attributes = { ...resetAttributes(patch), ...(yield* settable(Patch.changedOf({ desired, patch }))) }
    if (Object.keys(Attributes).length === 0) return
    yield* call((sqs, options) => sqs.setQueueAttributes({ QueueUrl, Attributes }, options))
  }),
  putTags: ({ call }, { nativeId: QueueUrl }, tags) =>
    call((sqs, options) => sqs.tagQueue({ QueueUrl, Tags: Tags.toRecord(tags) }, options)),
  removeTags: ({ call }, { nativeId: QueueUrl }, TagKeys) =>
    call((sqs, options) => sqs.untagQueue({ QueueUrl, TagKeys }, options)),
  delete: ({ call }, QueueUrl) => call((sqs, options) => sqs.deleteQueue({ QueueUrl }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((sqs, options) =>
        sqs.listQueues({ MaxResults: clampPageSize(1, 1000, page), NextToken: page.pageToken }, options),
      ),
      ({ NextToken, QueueUrls }) => ({ ids: QueueUrls, next: NextToken }),
    ),
})
