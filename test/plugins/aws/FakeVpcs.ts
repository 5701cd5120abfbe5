/** EC2 with VPCs in memory, which are found by their ids or by their tags. */

type Tags = ReadonlyArray<{ readonly Key: string; readonly Value: string }>

interface Look {
  readonly VpcIds?: ReadonlyArray<string>
  readonly Filters?: ReadonlyArray<{ readonly Name: string; readonly Values: ReadonlyArray<string> }>
}

/** `first` is what becomes of the first create after it has made the VPC. */
export const makeVpcs = (first: () => unknown) => {
  const vpcs: Array<{ readonly VpcId: string; readonly CidrBlock: string; readonly State: string; Tags: Tags }> = []
  const removed: Array<unknown> = []
  const isAsked = ({ Filters = [], VpcIds }: Look, { Tags, VpcId }: (typeof vpcs)[number]) =>
    VpcIds?.includes(VpcId) !== false &&
    Filters.every(({ Name, Values }) =>
      Name === "vpc-id"
        ? Values.includes(VpcId)
        : Tags.some(({ Key, Value }) => Name === `tag:${Key}` && Values.includes(Value)),
    )
  const ec2 = {
    createVpc: ({ TagSpecifications: [{ Tags }] }: { readonly TagSpecifications: [{ readonly Tags: Tags }] }) => {
      const Vpc = { VpcId: `vpc-${vpcs.length + 1}`, CidrBlock: "10.0.0.0/16", State: "available", Tags }
      vpcs.push(Vpc)
      return vpcs.length === 1 ? first() : { Vpc }
    },
    describeVpcs: (look: Look) => ({ Vpcs: vpcs.filter((vpc) => isAsked(look, vpc)) }),
    describeVpcAttribute: () => ({}),
    deleteTags: (input: unknown) => (removed.push(input), {}),
  }
  return { ec2, removed, vpcs }
}
