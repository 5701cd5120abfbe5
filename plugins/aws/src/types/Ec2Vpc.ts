/** AWS::EC2::VPC. EC2 assigns its native id; a repeated create finds it by the tag of the operation. */
import type { EC2, Vpc } from "@aws-sdk/client-ec2"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { existing, pageInput, putTags, reads, removeTags, tagSpecifications } from "../Ec2.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const properties = Schema.Struct({
  CidrBlock: Property.createOnly(Property.cidr(Schema.NonEmptyString)),
  InstanceTenancy: Schema.optionalKey(Schema.Literals(["default", "dedicated", "host"])).pipe(
    Property.createOnlyExcept({ dedicated: ["default"] }),
    Property.defaultsTo("default"),
  ),
  EnableDnsSupport: Property.defaultsTo(true)(Schema.optionalKey(Schema.Boolean)),
  EnableDnsHostnames: Property.defaultsTo(false)(Schema.optionalKey(Schema.Boolean)),
  Tags: Tags.property,
  VpcId: Property.output(Schema.String),
})

const { createdBy, read } = reads<Vpc>({
  filter: "vpc-id",
  idOf: ({ VpcId }) => VpcId,
  byId: async (ec2, id, options) => (await ec2.describeVpcs({ VpcIds: [id] }, options)).Vpcs,
  page: async (ec2, input, options) => {
    const { NextToken: next, Vpcs: items } = await ec2.describeVpcs(input, options)
    return { items, next }
  },
})

const describe = Effect.fnUntraced(function* (connection: Connection<EC2>, VpcId: string) {
  const { call } = connection
  const vpc = yield* existing(`VPC ${VpcId}`, read(connection, VpcId))
  const support = yield* call((ec2, options) =>
    ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsSupport" }, options),
  )
  const hostnames = yield* call((ec2, options) =>
    ec2.describeVpcAttribute({ VpcId, Attribute: "enableDnsHostnames" }, options),
  )
  const tags = Tags.fromService(vpc.Tags)
  return {
    nativeId: VpcId,
    tags,
    state: vpc.State,
    properties: returned({
      CidrBlock: vpc.CidrBlock,
      InstanceTenancy: vpc.InstanceTenancy,
      EnableDnsSupport: support.EnableDnsSupport?.Value,
      EnableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
      Tags: Tags.visible(tags, connection.keys),
      VpcId,
    }),
  }
})

/** EC2 accepts one attribute at a time. */
const putDns = Effect.fnUntraced(function* (
  { call }: Connection<EC2>,
  VpcId: string,
  dns: { readonly support: boolean | undefined; readonly hostnames: boolean | undefined },
) {
  if (dns.support !== undefined) {
    const EnableDnsSupport = { Value: dns.support }
    yield* call((ec2, options) => ec2.modifyVpcAttribute({ VpcId, EnableDnsSupport }, options))
  }
  if (dns.hostnames !== undefined) {
    const EnableDnsHostnames = { Value: dns.hostnames }
    yield* call((ec2, options) => ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames }, options))
  }
})

export const Ec2Vpc = awsResource({
  type: "AWS::EC2::VPC",
  idempotency: "tag",
  properties,
  client: ({ ec2 }, target) => ec2(target),
  describe,
  find: Effect.fnUntraced(function* (connection, { operationId }) {
    const { VpcId } = yield* existing("VPC of this operation", createdBy(connection, operationId))
    return yield* required("VpcId", VpcId)
  }),
  create: ({ call }, { properties: { CidrBlock, InstanceTenancy }, tags }) =>
    Effect.flatMap(
      call((ec2, options) => ec2.createVpc({ CidrBlock, InstanceTenancy, ...tagSpecifications("vpc", tags) }, options)),
      ({ Vpc }) => required("VpcId", Vpc?.VpcId),
    ),
  isConfigured: ({ EnableDnsHostnames, EnableDnsSupport }) =>
    EnableDnsHostnames === undefined && EnableDnsSupport === undefined,
  configure: (connection, VpcId, { EnableDnsHostnames: hostnames, EnableDnsSupport: support }) =>
    putDns(connection, VpcId, { support, hostnames }),
  readiness: ({ state }) => (state === "pending" ? "NotReady" : "Ready"),
  update: Effect.fnUntraced(function* (connection, change) {
    const VpcId = change.nativeId
    // The only change of the tenancy that EC2 knows.
    if (Patch.wanted(change, "InstanceTenancy", "default") === "default") {
      yield* connection.call((ec2, options) => ec2.modifyVpcTenancy({ VpcId, InstanceTenancy: "default" }, options))
    }
    yield* putDns(connection, VpcId, {
      support: Patch.wanted(change, "EnableDnsSupport", true),
      hostnames: Patch.wanted(change, "EnableDnsHostnames", false),
    })
  }),
  putTags,
  removeTags,
  delete: ({ call }, VpcId) => call((ec2, options) => ec2.deleteVpc({ VpcId }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((ec2, options) =>
        ec2.describeVpcs({ ...pageInput(page), Filters: [{ Name: "is-default", Values: ["false"] }] }, options),
      ),
      ({ NextToken, Vpcs }) => ({ ids: Vpcs?.map(({ VpcId }) => VpcId), next: NextToken }),
    ),
})
