/** AWS::Lambda::Function. Its native id is its name. It is made ready after it is made, and after each change. */
import type { Lambda, Runtime } from "@aws-sdk/client-lambda"
import { Patch, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At, Settling } from "../AwsResourceSpec.ts"
import { within } from "../Listing.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import { changedSettings, Code, fields, fromConfiguration, toCode, toConfiguration } from "./LambdaSettings.ts"

const properties = Schema.Struct({
  FunctionName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9-_]{1,64}$/u, { message: "Expected a function's name" })),
  ),
  Code: Property.writeOnly(Code),
  Architectures: Schema.optionalKey(Schema.Array(Schema.Literals(["x86_64", "arm64"]))),
  ...fields,
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Arn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<Lambda>, FunctionName: string) {
  const found = yield* ask((lambda, options) => lambda.getFunction({ FunctionName }, options))
  const { Configuration: configuration = {} } = found
  const arn = yield* required("FunctionArn", configuration.FunctionArn)
  const tags = Tags.fromRecord(found.Tags)
  const settings = fromConfiguration(configuration)
  const architectures = configuration.Architectures
  return {
    nativeId: FunctionName,
    arn,
    tags,
    settings,
    configuration,
    properties: {
      FunctionName,
      ...settings,
      ...(architectures === undefined ? {} : { Architectures: architectures }),
      Tags: Tags.visible(tags),
      Arn: arn,
    },
  }
})

export const settlingOf = ({
  configuration: { LastUpdateStatus, LastUpdateStatusReason, State, StateReason },
  nativeId,
}: Pick<Effect.Success<ReturnType<typeof describe>>, "configuration" | "nativeId">): Settling => {
  if (State === "Failed" || LastUpdateStatus === "Failed") {
    const reason = State === "Failed" ? StateReason : LastUpdateStatusReason
    return ProviderError.of("GeneralServiceException", `Lambda: the function ${nativeId} has failed: ${reason}`)
  }
  return State === "Pending" || LastUpdateStatus === "InProgress" ? "Settling" : "Settled"
}

export const LambdaFunction = awsResource({
  type: "AWS::Lambda::Function",
  idempotency: "name",
  properties,
  client: ({ lambda }, target) => lambda(target),
  describe,
  settling: settlingOf,
  find: (_, { properties }) => Effect.succeed(properties.FunctionName),
  create: Effect.fnUntraced(function* ({ ask }, { properties, tags }) {
    const { Architectures, Code, FunctionName, Tags: _tags, ...settings } = properties
    const input = {
      FunctionName,
      ...withRuntime(toConfiguration(settings)),
      Role: settings.Role,
      Code: yield* toCode(Code, settings.Runtime),
      ...withArchitectures(Architectures),
      Tags: Tags.toRecord(tags),
    }
    yield* ask((lambda, options) => lambda.createFunction(input, options))
    return FunctionName
  }),
  // Lambda takes no second change while it works on the first: an update that has both is tried again,
  // and finds its settings as they should be.
  update: Effect.fnUntraced(function* ({ ask }, { desired, patch, present }) {
    const FunctionName = present.nativeId
    const settings = changedSettings({ desired, patch }, present.settings)
    if (Object.keys(settings).length > 0) {
      const input = { FunctionName, ...withRuntime(toConfiguration(settings)) }
      yield* ask((lambda, options) => lambda.updateFunctionConfiguration(input, options))
    }
    if (Patch.isChanged(patch, "Code") || Patch.isChanged(patch, "Architectures")) {
      const code = yield* toCode(desired.Code, desired.Runtime)
      const input = { FunctionName, ...code, ...withArchitectures(desired.Architectures) }
      yield* ask((lambda, options) => lambda.updateFunctionCode(input, options))
    }
  }),
  putTags: ({ ask }, { arn }, tags) =>
    ask((lambda, options) => lambda.tagResource({ Resource: arn, Tags: Tags.toRecord(tags) }, options)),
  removeTags: ({ ask }, { arn }, TagKeys) =>
    ask((lambda, options) => lambda.untagResource({ Resource: arn, TagKeys }, options)),
  delete: ({ ask }, FunctionName) => ask((lambda, options) => lambda.deleteFunction({ FunctionName }, options)),
  list: ({ ask }, page) =>
    Effect.map(
      ask((lambda, options) =>
        lambda.listFunctions({ MaxItems: within(1, 50, page), Marker: page.pageToken }, options),
      ),
      ({ Functions, NextMarker }) => ({ ids: Functions?.map(({ FunctionName }) => FunctionName), next: NextMarker }),
    ),
})

const withArchitectures = (architectures: (typeof properties.Type)["Architectures"]) =>
  architectures === undefined ? {} : { Architectures: [...architectures] }

/** Which runtimes there are is for Lambda to say. */
const withRuntime = <S extends { readonly Runtime?: string }>({ Runtime, ...settings }: S) => ({
  ...settings,
  ...(Runtime === undefined ? {} : { Runtime: Runtime as Runtime }),
})
