/** SQS and SNS. */
import { fixed, type PropertyCase, refused, type Subject, tagsCase, type Thing } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

type Case = PropertyCase<AwsSdk>

/** An attribute of a queue, as a number. */
const attribute = (name: string, value: number, changed: number, third: number, removed: number): Case => ({
  property: name,
  value,
  changed,
  drift: ({ sqs }, { nativeId: QueueUrl }) =>
    sqs.setQueueAttributes({ QueueUrl, Attributes: { [name]: String(third) } }),
  removed,
})

const redrive = (label: string, maxReceiveCount: number) => ({
  deadLetterTargetArn: { $ref: `${label}.Arn` },
  maxReceiveCount,
})

export const SqsQueue: Subject<AwsSdk> = {
  type: "AWS::SQS::Queue",
  required: (name) => ({ QueueName: name }),
  others: (name) => [{ label: "dead", type: "AWS::SQS::Queue", properties: { QueueName: `${name}-dead` } }],
  cases: (name) => [
    { property: "QueueName", value: name, changed: `${name}-b`, drift: fixed },
    {
      property: "FifoQueue",
      value: true,
      beside: { QueueName: `${name}.fifo` },
      changed: { unable: "the name of a FIFO queue ends with .fifo" },
      drift: fixed,
      removed: { unable: "the name of a FIFO queue ends with .fifo" },
    },
    {
      property: "ContentBasedDeduplication",
      value: true,
      beside: { QueueName: `${name}.fifo`, FifoQueue: true },
      changed: { unable: "the other value is the default" },
      drift: ({ sqs }, { nativeId: QueueUrl }) =>
        sqs.setQueueAttributes({ QueueUrl, Attributes: { ContentBasedDeduplication: "false" } }),
      removed: false,
    },
    attribute("DelaySeconds", 3, 7, 9, 0),
    attribute("MaximumMessageSize", 2048, 4096, 8192, 1_048_576),
    attribute("MessageRetentionPeriod", 3600, 7200, 60, 345_600),
    attribute("ReceiveMessageWaitTimeSeconds", 5, 6, 7, 0),
    attribute("VisibilityTimeout", 45, 60, 75, 30),
    {
      property: "RedrivePolicy",
      value: redrive("dead", 4),
      changed: redrive("dead", 5),
      drift: ({ sqs }, { nativeId: QueueUrl, properties }) =>
        sqs.setQueueAttributes({
          QueueUrl,
          Attributes: {
            RedrivePolicy: JSON.stringify({ ...(properties["RedrivePolicy"] as object), maxReceiveCount: 9 }),
          },
        }),
    },
    tagsCase(({ sqs }, { nativeId: QueueUrl }) => sqs.tagQueue({ QueueUrl, Tags: { other: "hand" } })),
  ],
  delete: ({ sqs }, { nativeId: QueueUrl }) => sqs.deleteQueue({ QueueUrl }),
}

export const SnsTopic: Subject<AwsSdk> = {
  type: "AWS::SNS::Topic",
  required: (name) => ({ TopicName: name }),
  cases: (name) => [
    { property: "TopicName", value: name, changed: `${name}-b`, drift: fixed },
    {
      property: "DisplayName",
      value: "News",
      changed: "Old news",
      drift: ({ sns }, { nativeId: TopicArn }) =>
        sns.setTopicAttributes({ TopicArn, AttributeName: "DisplayName", AttributeValue: "By hand" }),
    },
    tagsCase(({ sns }, { nativeId: ResourceArn }) =>
      sns.tagResource({ ResourceArn, Tags: [{ Key: "other", Value: "hand" }] }),
    ),
  ],
  delete: ({ sns }, { nativeId: TopicArn }) => sns.deleteTopic({ TopicArn }),
}

const put =
  (AttributeName: string, value: unknown) =>
  ({ sns }: AwsSdk, { nativeId: SubscriptionArn }: Thing) =>
    sns.setSubscriptionAttributes({
      SubscriptionArn,
      AttributeName,
      AttributeValue: typeof value === "string" ? value : JSON.stringify(value),
    })

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`

export const SnsSubscription: Subject<AwsSdk> = {
  type: "AWS::SNS::Subscription",
  others: (name) => [
    { label: "topic", type: "AWS::SNS::Topic", properties: { TopicName: name } },
    { label: "topic-b", type: "AWS::SNS::Topic", properties: { TopicName: `${name}-b` } },
    { label: "queue", type: "AWS::SQS::Queue", properties: { QueueName: name } },
    { label: "queue-b", type: "AWS::SQS::Queue", properties: { QueueName: `${name}-b` } },
  ],
  required: () => ({ TopicArn: { $ref: "topic.TopicArn" }, Protocol: "sqs", Endpoint: { $ref: "queue.Arn" } }),
  cases: () => [
    { property: "TopicArn", value: { $ref: "topic.TopicArn" }, changed: { $ref: "topic-b.TopicArn" }, drift: fixed },
    {
      property: "Protocol",
      value: "sqs",
      changed: { unable: "another protocol has another kind of endpoint" },
      drift: fixed,
    },
    { property: "Endpoint", value: { $ref: "queue.Arn" }, changed: { $ref: "queue-b.Arn" }, drift: fixed },
    {
      property: "FilterPolicy",
      value: { kind: ["order"] },
      changed: { kind: ["order", "return"] },
      drift: put("FilterPolicy", { kind: ["order", "return"], other: ["hand"] }),
    },
    {
      property: "FilterPolicyScope",
      value: "MessageBody",
      beside: { FilterPolicy: { kind: ["order"] } },
      changed: { unable: "the other value is the default" },
      drift: put("FilterPolicyScope", "MessageAttributes"),
      removed: "MessageAttributes",
    },
    {
      property: "RawMessageDelivery",
      value: true,
      changed: { unable: "the other value is the default" },
      drift: put("RawMessageDelivery", "false"),
      removed: false,
    },
    {
      property: "RedrivePolicy",
      value: { deadLetterTargetArn: { $ref: "queue.Arn" } },
      changed: { deadLetterTargetArn: { $ref: "queue-b.Arn" } },
      drift: put("RedrivePolicy", { deadLetterTargetArn: "arn:aws:sqs:eu-central-1:123456789012:other" }),
    },
    {
      property: "SubscriptionRoleArn",
      value: role("reader"),
      changed: role("writer"),
      drift: put("SubscriptionRoleArn", role("other")),
      removed: refused,
    },
  ],
  delete: ({ sns }, { nativeId: SubscriptionArn }) => sns.unsubscribe({ SubscriptionArn }),
}
