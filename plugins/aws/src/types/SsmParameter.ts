/**
 * AWS::SSM::Parameter. Its native id is its name. Its value is always secret,
 * because a trait cannot depend on `Type`; what SSM returns in clear is compared.
 */
import type { ParameterMetadata, SSM } from "@aws-sdk/client-ssm"
import { hasCode, Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import { batchedReads } from "../BatchedReads.ts"
import type { Connection } from "../Connection.ts"
import { allPages, clampPageSize } from "../Listing.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  Name: Property.named({ letters: "any", separator: "-", maxLength: 512, reserved: ["aws", "ssm"] })(
    Schema.String.check(
      Schema.isPattern(/^[A-Za-z0-9_.\-/]+$/u, { message: "Expected a parameter name" }),
      Schema.isMaxLength(2048, { message: "Expected a parameter name" }),
    ),
  ),
  Type: Property.createOnly(Schema.Literals(["String", "StringList", "SecureString"])),
  Value: Property.opaque(Property.maybeReturned(Schema.NonEmptyString)),
  Description: Schema.optionalKey(Schema.NonEmptyString),
  AllowedPattern: Schema.optionalKey(Schema.NonEmptyString),
  DataType: Schema.optionalKey(Schema.Literals(["text", "aws:ec2:image"])).pipe(
    Property.createOnly,
    Property.defaultsTo("text"),
  ),
  // SSM returns the tier that it has chosen.
  Tier: Schema.optionalKey(Schema.Literals(["Standard", "Advanced", "Intelligent-Tiering"])).pipe(
    Property.resolvedTo({ "Intelligent-Tiering": ["Standard", "Advanced"] }),
    Property.defaultsTo("Standard"),
  ),
  Tags: Tags.property,
})

const ResourceType = "Parameter"

/** What a request writes, all at once. */
const written = ["Value", "Description", "AllowedPattern", "Tier"]

/** By name, as pages of what SSM knows of parameters. Those that do not exist are left out. */
const parametersNamed = ({ call }: Connection<SSM>, names: ReadonlyArray<string>) =>
  Effect.map(
    allPages((NextToken) =>
      Effect.map(
        call((ssm, options) =>
          ssm.describeParameters(
            { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [...names] }], NextToken },
            options,
          ),
        ),
        ({ NextToken: next, Parameters: items }) => ({ items, next }),
      ),
    ),
    (found) => new Map(found.map((parameter) => [parameter.Name ?? "", parameter])),
  )

const parameterOf = batchedReads<SSM, ParameterMetadata>({
  size: 50,
  one: (connection, name) => Effect.map(parametersNamed(connection, [name]), (found) => found.get(name)),
  several: parametersNamed,
})

/** Undefined if the value may be written, but not read. */
const oneValue = ({ call }: Connection<SSM>, Name: string) =>
  call((ssm, options) => ssm.getParameter({ Name }, options)).pipe(
    Effect.map(({ Parameter }) => Parameter?.Value),
    Effect.catchIf(hasCode("AccessDenied"), () => Effect.undefined),
  )

const valuesOf = (connection: Connection<SSM>, names: ReadonlyArray<string>) =>
  connection
    .call((ssm, options) => ssm.getParameters({ Names: [...names] }, options))
    .pipe(
      Effect.map(({ Parameters = [] }) => Parameters.map(({ Name = "", Value }) => [Name, Value] as const)),
      // It is another permission, and one parameter that may not be read fails it for all.
      Effect.catchIf(hasCode("AccessDenied"), () =>
        Effect.forEach(names, (name) => Effect.map(oneValue(connection, name), (value) => [name, value] as const)),
      ),
      Effect.map((found) => new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))),
    )

const valueOf = batchedReads<SSM, string>({ size: 10, one: oneValue, several: valuesOf })

const tagsOf = ({ call }: Connection<SSM>, ResourceId: string) =>
  Effect.map(
    call((ssm, options) => ssm.listTagsForResource({ ResourceType, ResourceId }, options)),
    ({ TagList }) => Tags.fromService(TagList),
  )

export const SsmParameter = awsResource({
  type: "AWS::SSM::Parameter",
  idempotency: "name",
  properties,
  client: ({ ssm }, target) => ssm(target),
  describe: Effect.fnUntraced(function* (connection: Connection<SSM>, Name: string, knownTags?: Tags.Tags) {
    const found = yield* parameterOf(connection, Name)
    if (found === undefined) return yield* ProviderError.of("NotFound", `SSM: there is no parameter ${Name}`)
    const tags = knownTags ?? (yield* tagsOf(connection, Name))
    const { AllowedPattern, DataType, Description, Tier, Type } = found
    const Value = Type === "SecureString" ? undefined : yield* valueOf(connection, Name)
    const set = returned({ Name, Type, Value, Description, AllowedPattern, DataType, Tier })
    return { nativeId: Name, tags, properties: { ...set, Tags: Tags.visible(tags, connection.keys) } }
  }),
  identify: (_, { Name }) => Effect.succeed(Name),
  find: (_, wanted) => Effect.succeed(wanted.properties.Name),
  // PutParameter without Overwrite: ParameterAlreadyExists, "you can't create duplicate parameters".
  refusesSecond: true,
  create: ({ call }, { properties, tags }) =>
    Effect.as(
      call((ssm, options) => ssm.putParameter({ ...properties, Tags: tags, Overwrite: false }, options)),
      properties.Name,
    ),
  update: ({ call }, { desired, patch, present }) => {
    const { Tags: _tags, ...settings } = desired
    // Every request makes a new version of the value.
    if (!written.some((name) => Patch.isChanged(patch, name))) return Effect.void
    // SSM keeps the settings that a request does not mention.
    const removed = Object.fromEntries(
      ["Description", "AllowedPattern"].filter((name) => Patch.isRemoved(patch, name)).map((name) => [name, ""]),
    )
    // SSM refuses to take a parameter back from the advanced tier, and says so.
    const tier = Patch.isRemoved(patch, "Tier") ? ({ Tier: "Standard" } as const) : {}
    // A put would make a parameter that was deleted meanwhile.
    return Effect.andThen(
      present,
      call((ssm, options) => ssm.putParameter({ ...removed, ...tier, ...settings, Overwrite: true }, options)),
    )
  },
  putTags: ({ call }, { nativeId }, tags) =>
    call((ssm, options) => ssm.addTagsToResource({ ResourceType, ResourceId: nativeId, Tags: tags }, options)),
  removeTags: ({ call }, { nativeId }, TagKeys) =>
    call((ssm, options) => ssm.removeTagsFromResource({ ResourceType, ResourceId: nativeId, TagKeys }, options)),
  delete: ({ call }, Name) => call((ssm, options) => ssm.deleteParameter({ Name }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((ssm, options) =>
        ssm.describeParameters({ MaxResults: clampPageSize(1, 50, page), NextToken: page.pageToken }, options),
      ),
      ({ NextToken, Parameters }) => ({ ids: Parameters?.map(({ Name }) => Name), next: NextToken }),
    ),
})
