/** AWS::EC2::Subnet. Its native id is made up by EC2; a repeated create finds it by the tag of the operation. */
import type { EC2 } from "@aws-sdk/client-ec2"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { madeBy, only, pageOf, putTags, removeTags, tagged } from "../Ec2.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  VpcId: Property.createOnly(Schema.NonEmptyString),
  CidrBlock: Property.createOnly(Schema.NonEmptyString),
  AvailabilityZone: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  MapPublicIpOnLaunch: Schema.optionalKey(Schema.Boolean),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  SubnetId: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<EC2>, SubnetId: string) {
  const { Subnets } = yield* ask((ec2, options) => ec2.describeSubnets({ SubnetIds: [SubnetId] }, options))
  const { AvailabilityZone, CidrBlock, MapPublicIpOnLaunch, State, VpcId, ...subnet } = yield* only(
    `subnet ${SubnetId}`,
    Subnets,
  )
  const tags = Tags.fromService(subnet.Tags)
  const set = returned({ VpcId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch })
  return { nativeId: SubnetId, tags, state: State, properties: { ...set, Tags: Tags.visible(tags), SubnetId } }
})

const mapPublicIp = ({ ask }: At<EC2>, SubnetId: string, Value: boolean) =>
  ask((ec2, options) => ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value } }, options))

export const Ec2Subnet = awsResource({
  type: "AWS::EC2::Subnet",
  idempotency: "tag",
  properties,
  client: ({ ec2 }, target) => ec2(target),
  describe,
  find: Effect.fnUntraced(function* ({ ask }, { operationId }) {
    const { Subnets } = yield* ask((ec2, options) => ec2.describeSubnets(madeBy(operationId), options))
    return yield* required("SubnetId", (yield* only("subnet of this operation", Subnets)).SubnetId)
  }),
  create: ({ ask }, { properties: { AvailabilityZone, CidrBlock, VpcId }, tags }) =>
    Effect.flatMap(
      ask((ec2, options) =>
        ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone, ...tagged("subnet", tags) }, options),
      ),
      ({ Subnet }) => required("SubnetId", Subnet?.SubnetId),
    ),
  isConfigured: ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === undefined,
  configure: (at, SubnetId, { MapPublicIpOnLaunch = false }) => mapPublicIp(at, SubnetId, MapPublicIpOnLaunch),
  settling: ({ state }) => (state === "pending" ? "Settling" : "Settled"),
  update: (at, change) => {
    const isPublic = Patch.wanted(change, "MapPublicIpOnLaunch", false)
    return isPublic === undefined ? Effect.void : mapPublicIp(at, change.present.nativeId, isPublic)
  },
  putTags,
  removeTags,
  delete: ({ ask }, SubnetId) => ask((ec2, options) => ec2.deleteSubnet({ SubnetId }, options)),
  list: ({ ask }, page) =>
    Effect.map(
      ask((ec2, options) =>
        ec2.describeSubnets({ ...pageOf(page), Filters: [{ Name: "default-for-az", Values: ["false"] }] }, options),
      ),
      ({ NextToken, Subnets }) => ({ ids: Subnets?.map(({ SubnetId }) => SubnetId), next: NextToken }),
    ),
})
