/** The attributes of a queue. */
import { Patch } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Schema from "effect/Schema"
import { attributesOf, BooleanFromText } from "../Attributes.ts"

export const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

export const RedrivePolicy = Schema.Struct({ deadLetterTargetArn: Schema.String, maxReceiveCount: between(1, 1000) })

/** SQS keeps the count in the form in which it was given, which may have been text. */
const RedrivePolicyAttribute = Schema.Struct({
  deadLetterTargetArn: Schema.String,
  maxReceiveCount: Schema.Union([Schema.Finite, Schema.FiniteFromString]),
})

/** The attributes that a queue may be given at any time. */
const SettableAttributes = Schema.Struct({
  ContentBasedDeduplication: Schema.optionalKey(BooleanFromText),
  DelaySeconds: Schema.optionalKey(Schema.FiniteFromString),
  MaximumMessageSize: Schema.optionalKey(Schema.FiniteFromString),
  MessageRetentionPeriod: Schema.optionalKey(Schema.FiniteFromString),
  ReceiveMessageWaitTimeSeconds: Schema.optionalKey(Schema.FiniteFromString),
  VisibilityTimeout: Schema.optionalKey(Schema.FiniteFromString),
  RedrivePolicy: Schema.optionalKey(Schema.fromJsonString(RedrivePolicyAttribute)),
})

/** What an attribute goes back to when it is not wanted any more, as SQS documents it. */
const defaults = {
  ContentBasedDeduplication: "false",
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  RedrivePolicy: "",
}

export const attributes = attributesOf(
  "SQS",
  Schema.Struct({
    ...SettableAttributes.fields,
    FifoQueue: Schema.optionalKey(BooleanFromText),
    QueueArn: Schema.optionalKey(Schema.String),
  }),
)

/** Those of a queue's properties that are attributes which may be given at any time. */
export const settable = attributesOf("SQS", SettableAttributes).write

export const removedToDefault = (patch: UpdateRequest["patch"]): Record<string, string> =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => Patch.isRemoved(patch, name)))
