/** The attributes of a queue: text on the wire, and properties of their own types in a forma. */
import { ProviderError } from "formae/plugin"
import type { UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as SchemaTransformation from "effect/SchemaTransformation"
import { isRemoved } from "../Patch.ts"

export const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

export const RedrivePolicy = Schema.Struct({ deadLetterTargetArn: Schema.String, maxReceiveCount: between(1, 1000) })

const BooleanFromText = Schema.Literals(["true", "false"]).pipe(
  Schema.decodeTo(
    Schema.Boolean,
    SchemaTransformation.transform({
      decode: (text) => text === "true",
      encode: (value) => (value ? "true" : "false"),
    }),
  ),
)

/** SQS keeps the count in the form in which it was given, which may have been text. */
const RedrivePolicyAttribute = Schema.Struct({
  deadLetterTargetArn: Schema.String,
  maxReceiveCount: Schema.Union([Schema.Finite, Schema.FiniteFromString]),
})

/** The attributes that a queue may be given at any time. All of them are text on the wire. */
const SettableAttributes = Schema.Struct({
  ContentBasedDeduplication: Schema.optionalKey(BooleanFromText),
  DelaySeconds: Schema.optionalKey(Schema.FiniteFromString),
  MaximumMessageSize: Schema.optionalKey(Schema.FiniteFromString),
  MessageRetentionPeriod: Schema.optionalKey(Schema.FiniteFromString),
  ReceiveMessageWaitTimeSeconds: Schema.optionalKey(Schema.FiniteFromString),
  VisibilityTimeout: Schema.optionalKey(Schema.FiniteFromString),
  RedrivePolicy: Schema.optionalKey(Schema.fromJsonString(RedrivePolicyAttribute)),
})

const Attributes = Schema.Struct({
  ...SettableAttributes.fields,
  FifoQueue: Schema.optionalKey(BooleanFromText),
  QueueArn: Schema.optionalKey(Schema.String),
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

export const decodeAttributes = (attributes: Record<string, string>) =>
  Effect.mapError(Schema.decodeEffect(Attributes)(attributes), () =>
    ProviderError.of("GeneralServiceException", "SQS: attributes of a queue that are not as SQS documents them"),
  )

/** Those of a queue's properties that are attributes which may be given at any time. */
export const settable = (properties: typeof SettableAttributes.Type) =>
  Effect.orDie(Schema.encodeEffect(SettableAttributes)(properties))

export const removedToDefault = (patch: UpdateRequest["patch"]): Record<string, string> =>
  Object.fromEntries(Object.entries(defaults).filter(([name]) => isRemoved(patch, name)))
