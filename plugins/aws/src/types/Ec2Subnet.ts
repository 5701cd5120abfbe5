/** AWS::EC2::Subnet. EC2 assigns its native id; a repeated create finds it by the tag of the operation. */
import type { EC2, Subnet } from "@aws-sdk/client-ec2"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { existing, pageInput, putTags, reads, removeTags, tagSpecifications } from "../Ec2.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  VpcId: Property.createOnly(Schema.NonEmptyString),
  CidrBlock: Property.createOnly(Property.cidr(Schema.NonEmptyString)),
  AvailabilityZone: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  MapPublicIpOnLaunch: Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean)),
  Tags: Tags.property,
  SubnetId: Property.output(Schema.String),
})

const { createdBy, read } = reads<Subnet>({
  filter: "subnet-id",
  idOf: ({ SubnetId }) => SubnetId,
  byId: async (ec2, id, options) => (await ec2.describeSubnets({ SubnetIds: [id] }, options)).Subnets,
  page: async (ec2, input, options) => {
    const { NextToken: next, Subnets: items } = await ec2.describeSubnets(input, options)
    return { items, next }
  },
})

const describe = Effect.fnUntraced(function* (connection: Connection<EC2>, SubnetId: string) {
  const { AvailabilityZone, CidrBlock, MapPublicIpOnLaunch, State, VpcId, ...subnet } = yield* existing(
    `subnet ${SubnetId}`,
    read(connection, SubnetId),
  )
  const tags = Tags.fromService(subnet.Tags)
  const set = returned({ VpcId, CidrBlock, AvailabilityZone, MapPublicIpOnLaunch })
  return {
    nativeId: SubnetId,
    tags,
    state: State,
    properties: { ...set, Tags: Tags.visible(tags, connection.keys), SubnetId },
  }
})

const mapPublicIp = ({ call }: Connection<EC2>, SubnetId: string, Value: boolean) =>
  call((ec2, options) => ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value } }, options))

export const Ec2Subnet = awsResource({
  type: "AWS::EC2::Subnet",
  idempotency: "tag",
  properties,
  client: ({ ec2 }, target) => ec2(target),
  describe,
  find: Effect.fnUntraced(function* (connection, { operationId }) {
    const { SubnetId } = yield* existing("subnet of this operation", createdBy(connection, operationId))
    return yield* required("SubnetId", SubnetId)
  }),
  create: ({ call }, { properties: { AvailabilityZone, CidrBlock, VpcId }, tags }) =>
    Effect.flatMap(
      call((ec2, options) =>
        ec2.createSubnet({ VpcId, CidrBlock, AvailabilityZone, ...tagSpecifications("subnet", tags) }, options),
      ),
      ({ Subnet }) => required("SubnetId", Subnet?.SubnetId),
    ),
  isConfigured: ({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch === undefined,
  configure: (connection, SubnetId, { MapPublicIpOnLaunch = false }) =>
    mapPublicIp(connection, SubnetId, MapPublicIpOnLaunch),
  readiness: ({ state }) => (state === "pending" ? "NotReady" : "Ready"),
  update: (connection, change) => {
    const isPublic = Patch.wanted(change, "MapPublicIpOnLaunch", false)
    return isPublic === undefined ? Effect.void : mapPublicIp(connection, change.nativeId, isPublic)
  },
  putTags,
  removeTags,
  delete: ({ call }, SubnetId) => call((ec2, options) => ec2.deleteSubnet({ SubnetId }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((ec2, options) =>
        ec2.describeSubnets({ ...pageInput(page), Filters: [{ Name: "default-for-az", Values: ["false"] }] }, options),
      ),
      ({ NextToken, Subnets }) => ({ ids: Subnets?.map(({ SubnetId }) => SubnetId), next: NextToken }),
    ),
})
