/** AWS::SSM::Parameter. Its native id is its name. Its value is always secret, because a trait cannot depend on `Type`. */
import type { SSM } from "@aws-sdk/client-ssm"
import { Patch, Property, ProviderError, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { clampPageSize } from "../Listing.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  Name: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_.\-/]{1,2048}$/u, { message: "Expected a parameter name" })),
  ),
  Type: Property.createOnly(Schema.Literals(["String", "StringList", "SecureString"])),
  Value: Property.writeOnly(Property.opaque(Schema.NonEmptyString)),
  Description: Schema.optionalKey(Schema.NonEmptyString),
  AllowedPattern: Schema.optionalKey(Schema.NonEmptyString),
  DataType: Property.createOnly(Schema.optionalKey(Schema.Literals(["text", "aws:ec2:image"]))),
  Tier: Schema.optionalKey(Schema.Literals(["Standard", "Advanced", "Intelligent-Tiering"])),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
})

const ResourceType = "Parameter"

export const SsmParameter = awsResource({
  type: "AWS::SSM::Parameter",
  idempotency: "name",
  properties,
  client: ({ ssm }, target) => ssm(target),
  describe: Effect.fnUntraced(function* ({ call }: Connection<SSM>, Name: string) {
    const { Parameters: [found] = [] } = yield* call((ssm, options) =>
      ssm.describeParameters({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [Name] }] }, options),
    )
    if (found === undefined) return yield* ProviderError.of("NotFound", `SSM: there is no parameter ${Name}`)
    const tags = Tags.fromService(
      (yield* call((ssm, options) => ssm.listTagsForResource({ ResourceType, ResourceId: Name }, options))).TagList,
    )
    const { AllowedPattern, DataType, Description, Tier, Type } = found
    const set = returned({ Name, Type, Description, AllowedPattern, DataType, Tier })
    return { nativeId: Name, tags, properties: { ...set, Tags: Tags.visible(tags) } }
  }),
  identify: (_, { Name }) => Effect.succeed(Name),
  find: (_, wanted) => Effect.succeed(wanted.properties.Name),
  create: ({ call }, { properties, tags }) =>
    Effect.as(
      call((ssm, options) => ssm.putParameter({ ...properties, Tags: tags, Overwrite: false }, options)),
      properties.Name,
    ),
  update: ({ call }, { desired, patch }) => {
    const { Tags: _tags, ...settings } = desired
    // SSM keeps the settings that a request does not mention.
    const removed = Object.fromEntries(
      ["Description", "AllowedPattern"].filter((name) => Patch.isRemoved(patch, name)).map((name) => [name, ""]),
    )
    return call((ssm, options) => ssm.putParameter({ ...removed, ...settings, Overwrite: true }, options))
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
