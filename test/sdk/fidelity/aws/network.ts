/** EC2. */
import type { IpPermission } from "@aws-sdk/client-ec2"
import { chosen, fixed, type Part, type PropertyCase, type Subject, tagsCase, type Thing } from "../Subject.ts"
import type { AwsSdk } from "./AwsSdk.ts"

const tags = tagsCase<AwsSdk>(({ ec2 }, { nativeId }) =>
  ec2.createTags({ Resources: [nativeId], Tags: [{ Key: "other", Value: "hand" }] }),
)

const vpc = (label: string): Part => ({ label, type: "AWS::EC2::VPC", properties: { CidrBlock: "10.1.0.0/16" } })

export const Ec2Vpc: Subject<AwsSdk> = {
  type: "AWS::EC2::VPC",
  required: () => ({ CidrBlock: "10.1.0.0/16" }),
  cases: () => [
    { property: "CidrBlock", value: "10.1.0.0/16", changed: "10.2.0.0/16", drift: fixed },
    {
      property: "InstanceTenancy",
      value: "dedicated",
      changed: { unable: "the only change that EC2 knows is the removal" },
      drift: { unable: "the only change that EC2 knows is the removal" },
      by: { remove: "update" },
      removed: "default",
    },
    {
      property: "EnableDnsSupport",
      value: false,
      changed: { unable: "the other value is the default" },
      drift: ({ ec2 }, { nativeId: VpcId }) => ec2.modifyVpcAttribute({ VpcId, EnableDnsSupport: { Value: true } }),
      removed: true,
    },
    {
      property: "EnableDnsHostnames",
      value: true,
      changed: { unable: "the other value is the default" },
      drift: ({ ec2 }, { nativeId: VpcId }) => ec2.modifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: false } }),
      removed: false,
    },
    tags,
  ],
  delete: ({ ec2 }, { nativeId: VpcId }) => ec2.deleteVpc({ VpcId }),
}

export const Ec2Subnet: Subject<AwsSdk> = {
  type: "AWS::EC2::Subnet",
  others: () => [vpc("vpc"), vpc("vpc-b")],
  required: () => ({ VpcId: { $ref: "vpc.VpcId" }, CidrBlock: "10.1.1.0/24" }),
  cases: () => [
    { property: "VpcId", value: { $ref: "vpc.VpcId" }, changed: { $ref: "vpc-b.VpcId" }, drift: fixed },
    { property: "CidrBlock", value: "10.1.1.0/24", changed: "10.1.2.0/24", drift: fixed },
    {
      property: "AvailabilityZone",
      value: "eu-central-1b",
      changed: "eu-central-1c",
      drift: fixed,
      removed: chosen,
    },
    {
      property: "MapPublicIpOnLaunch",
      value: true,
      changed: { unable: "the other value is the default" },
      drift: ({ ec2 }, { nativeId: SubnetId }) =>
        ec2.modifySubnetAttribute({ SubnetId, MapPublicIpOnLaunch: { Value: false } }),
      removed: false,
    },
    tags,
  ],
  delete: ({ ec2 }, { nativeId: SubnetId }) => ec2.deleteSubnet({ SubnetId }),
}

const tcp = (port: number, more: object) => ({ IpProtocol: "tcp", FromPort: port, ToPort: port, ...more })
const everywhere = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" }
const third: Array<IpPermission> = [tcp(22, { IpRanges: [{ CidrIp: "10.0.0.0/8" }] })]

const noIpv6 = "does not revoke an egress rule for IPv6"

const rules = (property: "SecurityGroupIngress" | "SecurityGroupEgress"): ReadonlyArray<PropertyCase<AwsSdk>> => {
  const isIngress = property === "SecurityGroupIngress"
  const peer = isIngress ? "SourceSecurityGroupId" : "DestinationSecurityGroupId"
  const drift = ({ ec2 }: AwsSdk, { nativeId: GroupId }: Thing): Promise<unknown> =>
    isIngress
      ? ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: third })
      : ec2.authorizeSecurityGroupEgress({ GroupId, IpPermissions: third })
  const removed = isIngress ? [] : [everywhere]
  return [
    {
      property,
      value: [tcp(443, { CidrIp: "10.0.0.0/8", Description: "web" })],
      changed: [tcp(443, { CidrIp: "10.0.0.0/8", Description: "the web" }), tcp(80, { CidrIp: "10.1.0.0/16" })],
      drift,
      removed,
    },
    {
      property,
      part: "IPv6",
      value: [tcp(443, { CidrIpv6: "2001:db8::/32" })],
      changed: [tcp(443, { CidrIpv6: "2001:db8:1::/48" })],
      drift,
      removed,
      gaps: isIngress ? {} : { moto: { change: noIpv6, remove: noIpv6 } },
    },
    {
      property,
      part: "a group",
      value: [tcp(443, { [peer]: { $ref: "peer.GroupId" } })],
      changed: [tcp(80, { [peer]: { $ref: "peer.GroupId" } })],
      drift,
      removed,
    },
  ]
}

export const Ec2SecurityGroup: Subject<AwsSdk> = {
  type: "AWS::EC2::SecurityGroup",
  others: (name) => [
    vpc("vpc"),
    vpc("vpc-b"),
    {
      label: "peer",
      type: "AWS::EC2::SecurityGroup",
      properties: { GroupName: `${name}-peer`, GroupDescription: "peer", VpcId: { $ref: "vpc.VpcId" } },
    },
  ],
  required: (name) => ({ GroupName: name, GroupDescription: "it", VpcId: { $ref: "vpc.VpcId" } }),
  cases: (name) => [
    { property: "GroupName", value: name, changed: `${name}-b`, drift: fixed },
    { property: "GroupDescription", value: "it", changed: "that", drift: fixed },
    {
      property: "VpcId",
      value: { $ref: "vpc.VpcId" },
      changed: { $ref: "vpc-b.VpcId" },
      drift: fixed,
      removed: chosen,
    },
    ...rules("SecurityGroupIngress"),
    ...rules("SecurityGroupEgress"),
    tags,
  ],
  delete: ({ ec2 }, { nativeId: GroupId }) => ec2.deleteSecurityGroup({ GroupId }),
}
