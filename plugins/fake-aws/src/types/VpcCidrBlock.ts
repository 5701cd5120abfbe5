/** FakeAWS::EC2::VPCCidrBlock: the child of a VPC. As in CloudFormation, all its properties are create-only. */
import { Property, ProviderError } from "formae/plugin"
import { ResourceType } from "formae/protocol"
import * as Schema from "effect/Schema"
import { CidrBlock } from "../CidrBlock.ts"
import { cloudResource } from "../cloudResource.ts"

const vpcType = ResourceType.make("FakeAWS::EC2::VPC")

export const VpcCidrBlock = cloudResource({
  type: "FakeAWS::EC2::VPCCidrBlock",
  idempotency: "token",
  immutable: true,
  properties: Schema.Struct({
    VpcId: Property.createOnly(Schema.String),
    CidrBlock: Property.createOnly(CidrBlock),
    Id: Property.output(Schema.String),
  }),
  nativeId: ({ id }) => `vpc-cidr-assoc-${id}`,
  outputs: (nativeId) => ({ Id: nativeId }),
  // EC2's InvalidVpcID.NotFound: recoverable, because a VPC that was just created may not be visible yet.
  refuseCreate: (tables, { VpcId }) =>
    tables.find(vpcType, VpcId) === undefined
      ? ProviderError.of("NotFound", `the VPC ${VpcId} does not exist`)
      : undefined,
})
