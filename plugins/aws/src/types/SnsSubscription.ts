/** AWS::SNS::Subscription. Its native id is its ARN; a topic has one for each protocol and endpoint. */
import type { SNS } from "@aws-sdk/client-sns"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import type { Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { attributesOf, BooleanFromText } from "../Attributes.ts"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { allPages } from "../Listing.ts"
import { required } from "../required.ts"

const RedrivePolicy = Schema.Struct({ deadLetterTargetArn: Schema.NonEmptyString })
const Scope = Schema.Literals(["MessageAttributes", "MessageBody"])
const protocols = ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"] as const

const properties = Schema.Struct({
  TopicArn: Property.createOnly(Schema.NonEmptyString),
  Protocol: Property.createOnly(Schema.Literals(protocols)),
  Endpoint: Property.createOnly(Schema.NonEmptyString),
  FilterPolicy: Property.absentWhenEmpty(Schema.optionalKey(Schema.JsonObject)),
  FilterPolicyScope: Property.defaultsTo("MessageAttributes")(Schema.optionalKey(Scope)),
  RawMessageDelivery: Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean)),
  RedrivePolicy: Schema.optionalKey(RedrivePolicy),
  SubscriptionRoleArn: Schema.optionalKey(Schema.NonEmptyString),
  Arn: Property.output(Schema.String),
})

/** The attributes that can be set at any time. */
const settable = attributesOf(
  "SNS",
  Schema.Struct({
    FilterPolicyScope: Schema.optionalKey(Scope),
    FilterPolicy: Schema.optionalKey(Schema.fromJsonString(Schema.JsonObject)),
    RawMessageDelivery: Schema.optionalKey(BooleanFromText),
    RedrivePolicy: Schema.optionalKey(
      Schema.fromJsonString(Schema.Struct({ deadLetterTargetArn: Schema.optionalKey(Schema.String) })),
    ),
    SubscriptionRoleArn: Schema.optionalKey(Schema.String),
  }),
)

/** The values that remove an attribute. */
const removalValues = {
  FilterPolicyScope: "MessageAttributes",
  FilterPolicy: "{}",
  RawMessageDelivery: "false",
  RedrivePolicy: "{}",
}

const isSet = (policy: object | undefined): boolean => policy !== undefined && Object.keys(policy).length > 0

/** The canonical form: without a filter, its scope says nothing, and the service does not keep it. */
const withoutIdleScope = (given: Properties): Properties => {
  const { FilterPolicyScope: _, ...rest } = given
  return isSet(Predicate.isObject(given["FilterPolicy"]) ? given["FilterPolicy"] : undefined) ? given : rest
}

const describe = Effect.fnUntraced(function* ({ call }: Connection<SNS>, SubscriptionArn: string) {
  const { Attributes: { Endpoint, Protocol, TopicArn, ...rest } = {} } = yield* call((sns, options) =>
    sns.getSubscriptionAttributes({ SubscriptionArn }, options),
  )
  const { FilterPolicy, FilterPolicyScope, RawMessageDelivery, RedrivePolicy, SubscriptionRoleArn } =
    yield* settable.read(rest)
  const isFiltered = isSet(FilterPolicy)
  return {
    nativeId: SubscriptionArn,
    tags: undefined,
    properties: returned({
      TopicArn,
      Protocol,
      Endpoint,
      FilterPolicy: isFiltered ? FilterPolicy : undefined,
      FilterPolicyScope: isFiltered ? FilterPolicyScope : undefined,
      RawMessageDelivery,
      RedrivePolicy: isSet(RedrivePolicy) ? returned({ ...RedrivePolicy }) : undefined,
      SubscriptionRoleArn,
      Arn: SubscriptionArn,
    }),
  }
})

/** Undefined for a subscription that its endpoint has not confirmed: it has a word where the ARN belongs. */
const arnOf = ({ SubscriptionArn }: { readonly SubscriptionArn?: string | undefined }) =>
  SubscriptionArn?.startsWith("arn:") ? SubscriptionArn : undefined

type Endpoint = Pick<typeof properties.Type, "Endpoint" | "Protocol" | "TopicArn">

const find = Effect.fnUntraced(function* (
  { call }: Connection<SNS>,
  { Endpoint, Protocol, TopicArn }: Endpoint,
): Effect.fn.Return<string, ProviderError> {
  const all = yield* allPages((token) =>
    Effect.map(
      call((sns, options) => sns.listSubscriptionsByTopic({ TopicArn, NextToken: token }, options)),
      ({ NextToken, Subscriptions }) => ({ items: Subscriptions, next: NextToken }),
    ),
  )
  const same = all.find((one) => one.Protocol === Protocol && one.Endpoint === Endpoint)
  return (
    arnOf(same ?? {}) ??
    (yield* ProviderError.of("NotFound", `SNS: the topic has no ${Protocol} subscription for this endpoint`))
  )
})

export const SnsSubscription = awsResource({
  type: "AWS::SNS::Subscription",
  idempotency: "name",
  properties,
  canonical: withoutIdleScope,
  identify: (connection, { Endpoint, Protocol, TopicArn }) =>
    Endpoint === undefined || Protocol === undefined || TopicArn === undefined
      ? Effect.undefined
      : find(connection, { Endpoint, Protocol, TopicArn }),
  client: ({ sns }, target) => sns(target),
  describe,
  find: (connection, { properties }) => find(connection, properties),
  // No tag says which operation created it, so a subscription exactly as wanted counts as our own.
  isOwn: ({ properties: now }, { properties }) =>
    Object.entries(withoutIdleScope(properties)).every(([name, value]) => Equal.equals(now[name], value)),
  create: Effect.fnUntraced(function* ({ call }, { properties }) {
    const { Endpoint, Protocol, TopicArn, ...attributes } = properties
    const Attributes = yield* settable.write(attributes)
    const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }
    const { SubscriptionArn } = yield* call((sns, options) => sns.subscribe(input, options))
    return yield* required("SubscriptionArn", SubscriptionArn)
  }),
  update: Effect.fnUntraced(function* ({ call }, { desired, nativeId: SubscriptionArn, patch }) {
    if (Patch.isRemoved(patch, "SubscriptionRoleArn")) {
      return yield* ProviderError.of(
        "NotUpdatable",
        "SubscriptionRoleArn cannot be removed, only be given another value",
      )
    }
    const removed = Object.entries(removalValues).filter(([name]) => Patch.isRemoved(patch, name))
    const wanted = Object.entries(yield* settable.write(Patch.changedOf({ desired, patch })))
    yield* Effect.forEach([...removed, ...wanted], ([AttributeName, AttributeValue]) =>
      call((sns, options) =>
        sns.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue }, options),
      ),
    )
  }),
  delete: ({ call }, SubscriptionArn) => call((sns, options) => sns.unsubscribe({ SubscriptionArn }, options)),
  list: ({ call }, { pageToken }) =>
    Effect.map(
      call((sns, options) => sns.listSubscriptions({ NextToken: pageToken }, options)),
      ({ NextToken, Subscriptions }) => ({ ids: Subscriptions?.map(arnOf), next: NextToken }),
    ),
})
