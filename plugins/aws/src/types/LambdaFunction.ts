/** AWS::Lambda::Function. Its native id is its name. It becomes ready some time after each create and update. */
import type { Lambda, Runtime } from "@aws-sdk/client-lambda"
import { Patch, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Readiness } from "../AwsResourceSpec.ts"
import type { Connection } from "../Connection.ts"
import { textOf } from "../LastRead.ts"
import { clampPageSize } from "../Listing.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import {
  changedSettings,
  Code,
  fields,
  fromConfiguration,
  toCode,
  toConfiguration,
  withCodeHash,
} from "./LambdaSettings.ts"

const properties = Schema.Struct({
  FunctionName: Property.named({ letters: "any", separator: "-", maxLength: 64 })(
    Schema.String.check(Schema.isPattern(/^[a-zA-Z0-9-_]{1,64}$/u, { message: "Expected a function name" })),
  ),
  // Lambda returns a hash of it.
  Code: Property.opaque(Property.maybeReturned(Code)),
  Architectures: Property.defaultsTo(["x86_64"])(
    Schema.optionalKey(Schema.Array(Schema.Literals(["x86_64", "arm64"]))),
  ),
  ...fields,
  Tags: Tags.property,
  Arn: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ call, keys }: Connection<Lambda>, FunctionName: string) {
  const found = yield* call((lambda, options) => lambda.getFunction({ FunctionName }, options))
  const { Configuration: configuration = {} } = found
  const arn = yield* required("FunctionArn", configuration.FunctionArn)
  const tags = Tags.fromRecord(found.Tags)
  const settings = fromConfiguration(configuration)
  const architectures = configuration.Architectures
  return {
    nativeId: FunctionName,
    tags,
    settings,
    configuration,
    properties: {
      FunctionName,
      ...settings,
      ...(configuration.CodeSha256 === undefined ? {} : { Code: { CodeSha256: configuration.CodeSha256 } }),
      ...(architectures === undefined ? {} : { Architectures: architectures }),
      Tags: Tags.visible(tags, keys),
      Arn: arn,
    },
  }
})

export const readinessOf = ({
  configuration: { LastUpdateStatus, LastUpdateStatusReason, State, StateReason },
  nativeId,
}: Pick<Effect.Success<ReturnType<typeof describe>>, "configuration" | "nativeId">): Readiness => {
  if (State === "Failed" || LastUpdateStatus === "Failed") {
    const reason = State === "Failed" ? StateReason : LastUpdateStatusReason
    return ProviderError.of("GeneralServiceException", `Lambda: the function ${nativeId} has failed: ${reason}`)
  }
  return State === "Pending" || LastUpdateStatus === "InProgress" ? "NotReady" : "Ready"
}

export const LambdaFunction = awsResource({
  type: "AWS::Lambda::Function",
  idempotency: "name",
  properties,
  canonical: withCodeHash,
  identify: (_, { FunctionName }) => Effect.succeed(FunctionName),
  client: ({ lambda }, target) => lambda(target),
  describe,
  readiness: readinessOf,
  find: (_, { properties }) => Effect.succeed(properties.FunctionName),
  // CreateFunction: ResourceConflictException, "the resource already exists".
  refusesSecond: true,
  create: Effect.fnUntraced(function* ({ call }, { properties, tags }) {
    const { Architectures, Code, FunctionName, Tags: _tags, ...settings } = properties
    const input = {
      FunctionName,
      ...withRuntime(toConfiguration(settings)),
      Role: settings.Role,
      Code: yield* toCode(Code, settings.Runtime),
      ...withArchitectures(Architectures),
      Tags: Tags.toRecord(tags),
    }
    yield* call((lambda, options) => lambda.createFunction(input, options))
    return FunctionName
  }),
  // Lambda refuses a second change while it works on the first. An update of both settings and code is
  // retried, and then only the code is left to change.
  update: Effect.fnUntraced(function* ({ call }, { desired, nativeId: FunctionName, patch, present }) {
    const fixed = ["Runtime", "Handler"].find((name) => Patch.isRemoved(patch, name))
    if (fixed !== undefined) {
      return yield* ProviderError.of("NotUpdatable", `${fixed} cannot be removed, only be given another value`)
    }
    const settings = changedSettings({ desired, patch }, (yield* present).settings)
    if (Object.keys(settings).length > 0) {
      const input = { FunctionName, ...withRuntime(toConfiguration(settings)) }
      yield* call((lambda, options) => lambda.updateFunctionConfiguration(input, options))
    }
    if (Patch.isChanged(patch, "Code") || Patch.isChanged(patch, "Architectures")) {
      const code = yield* toCode(desired.Code, desired.Runtime)
      const input = { FunctionName, ...code, ...withArchitectures(desired.Architectures ?? ["x86_64"]) }
      yield* call((lambda, options) => lambda.updateFunctionCode(input, options))
    }
  }),
  putTags: ({ call }, present, tags) =>
    Effect.flatMap(textOf(present, "Arn"), (Resource) =>
      call((lambda, options) => lambda.tagResource({ Resource, Tags: Tags.toRecord(tags) }, options)),
    ),
  removeTags: ({ call }, present, TagKeys) =>
    Effect.flatMap(textOf(present, "Arn"), (Resource) =>
      call((lambda, options) => lambda.untagResource({ Resource, TagKeys }, options)),
    ),
  delete: ({ call }, FunctionName) => call((lambda, options) => lambda.deleteFunction({ FunctionName }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((lambda, options) =>
        lambda.listFunctions({ MaxItems: clampPageSize(1, 50, page), Marker: page.pageToken }, options),
      ),
      ({ Functions, NextMarker }) => ({ ids: Functions?.map(({ FunctionName }) => FunctionName), next: NextMarker }),
    ),
})

const withArchitectures = (architectures: (typeof properties.Type)["Architectures"]) =>
  architectures === undefined ? {} : { Architectures: [...architectures] }

/** Lambda itself decides which runtimes exist. */
const withRuntime = <S extends { readonly Runtime?: string }>({ Runtime, ...settings }: S) => ({
  ...settings,
  ...(Runtime === undefined ? {} : { Runtime: Runtime as Runtime }),
})
