/** FakeAWS::EC2::VPC: cannot be deleted while it has CIDR blocks. */
import { Property, ProviderError } from "formae/plugin"
import { ResourceType } from "formae/protocol"
import * as Schema from "effect/Schema"
import { CidrBlock } from "../CidrBlock.ts"
import { cloudResource } from "../cloudResource.ts"
import { Tags } from "../Tags.ts"

const blockType = ResourceType.make("FakeAWS::EC2::VPCCidrBlock")

export const Vpc = cloudResource({
  type: "FakeAWS::EC2::VPC",
  idempotency: "token",
  properties: Schema.Struct({
    CidrBlock: Property.createOnly(CidrBlock),
    EnableDnsHostnames: Schema.optionalKey(Schema.Boolean),
    EnableDnsSupport: Schema.optionalKey(Schema.Boolean),
    Tags,
    VpcId: Property.output(Schema.String),
  }),
  nativeId: ({ id }) => `vpc-${id}`,
  outputs: (nativeId) => ({ VpcId: nativeId }),
  // EC2's DependencyViolation. A retry succeeds once the blocks are gone.
  refuseDelete: (tables, nativeId) => {
    const block = tables.findByVpc(blockType, nativeId)
    return block && ProviderError.of("ResourceConflict", `${nativeId} has the CIDR block ${block.nativeId}`)
  },
})
