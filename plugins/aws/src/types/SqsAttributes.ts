/** The attributes of a queue. */
import { Patch } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Schema from "effect/Schema"
import { attributesOf, BooleanFromText } from "../Attributes.ts"

export const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

export const RedrivePolicy = Schema.Struct({ deadLetterTargetArn: Schema.String, maxReceiveCount: between(1, 1000) })

/** SQS returns the count as it was given, which may have been as text. */
const RedrivePolicyAttribute = Schema.Struct({
  deadLetterTargetArn: Schema.String,
  maxReceiveCount: Schema.Union([Schema.Finite, Schema.FiniteFromString]),
})

/** The attributes that can be set at any time. */
const SettableAttributes = Schema.Struct({
  ContentBasedDeduplication: Schema.optionalKey(BooleanFromText),
  DelaySeconds: Schema.optionalKey(Schema.FiniteFromString),
  MaximumMessageSize: Schema.optionalKey(Schema.FiniteFromString),
  MessageRetentionPeriod: Schema.optionalKey(Schema.FiniteFromString),
  ReceiveMessageWaitTimeSeconds: Schema.optionalKey(Schema.FiniteFromString),
  VisibilityTimeout: Schema.optionalKey(Schema.FiniteFromString),
  RedrivePolicy: Schema.optionalKey(Schema.fromJsonString(RedrivePolicyAttribute)),
})

/** The documented default of each attribute, for attributes that are no longer wanted. */
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

/** The attributes, among a queue's properties, that can be set at any time. */
export const settable = attributesOf("SQS", SettableAttributes).write

export const resetAttributes = (patch: UpdateRequest["patch"]): Record<string, string> =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => Patch.isRemoved(patch, name)))
