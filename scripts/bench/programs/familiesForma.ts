import type { Forma } from "../../../src/agent/forma/Forma.ts"
import { Namespace, ResourceType } from "../../../src/protocol/Identity.ts"

/** How many resources refer to each network. */
export const childrenOfEach = 9

/** A forma of so many resources in a FakeAWS that answers at once, whose file is `cloud`: networks, each with nine blocks that refer to it. */
export const familiesForma = (cloud: string, count: number): Forma => ({
  name: "bench",
  targets: {
    cloud: { namespace: Namespace.make("FakeAWS"), config: { cloud, region: "eu-west-1", settleMillis: 0 } },
  },
  resources: Array.from({ length: count }, (_, index) => {
    const family = Math.floor(index / (childrenOfEach + 1))
    const child = index % (childrenOfEach + 1)
    const parent = `network-${family}`
    return child === 0
      ? {
          label: parent,
          type: ResourceType.make("FakeAWS::EC2::VPC"),
          target: "cloud",
          properties: { CidrBlock: "10.0.0.0/16" },
        }
      : {
          label: `block-${family}-${child}`,
          type: ResourceType.make("FakeAWS::EC2::VPCCidrBlock"),
          target: "cloud",
          properties: { VpcId: { $ref: `${parent}.VpcId` }, CidrBlock: `10.${child}.0.0/16` },
        }
  }),
})
