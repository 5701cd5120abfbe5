/** AWS::EC2::SecurityGroup. EC2 assigns its native id; its rules are added after it is created. */
import type { EC2, SecurityGroup } from "@aws-sdk/client-ec2"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { existing, pageInput, putTags, reads, removeTags, tagSpecifications } from "../Ec2.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"
import {
  anywhere,
  EgressRules,
  egressRules,
  fromPermissions,
  IngressRules,
  ingressRules,
  ruleChanges,
  toPermissions,
  toProperties,
  withoutPorts,
} from "./Ec2SecurityGroupRules.ts"

const properties = Schema.Struct({
  GroupName: Property.named({ letters: "any", separator: "-", maxLength: 255, reserved: ["sg-"] })(
    Schema.String.check(
      Schema.isPattern(/^.{1,255}$/u, { message: "Expected a group name" }),
      Schema.isPattern(/^(?!sg-)(?!default$)/u, { message: "Expected a group name" }),
    ),
  ),
  GroupDescription: Property.createOnly(Schema.NonEmptyString),
  VpcId: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  SecurityGroupIngress: Schema.optionalKey(IngressRules).pipe(Property.distinct, Property.absentWhenEmpty),
  SecurityGroupEgress: Property.distinct(Schema.optionalKey(EgressRules)),
  Tags: Tags.property,
  GroupId: Property.output(Schema.String),
})

const { createdBy, read } = reads<SecurityGroup>({
  filter: "group-id",
  idOf: ({ GroupId }) => GroupId,
  byId: async (ec2, id, options) => (await ec2.describeSecurityGroups({ GroupIds: [id] }, options)).SecurityGroups,
  page: async (ec2, input, options) => {
    const { NextToken: next, SecurityGroups: items } = await ec2.describeSecurityGroups(input, options)
    return { items, next }
  },
})

const describe = Effect.fnUntraced(function* (connection: Connection<EC2>, GroupId: string) {
  const group = yield* existing(`security group ${GroupId}`, read(connection, GroupId))
  const ingress = fromPermissions(group.IpPermissions)
  const egress = fromPermissions(group.IpPermissionsEgress)
  const tags = Tags.fromService(group.Tags)
  return {
    nativeId: GroupId,
    tags,
    ingress,
    egress,
    properties: returned({
      GroupName: group.GroupName,
      GroupDescription: group.Description,
      VpcId: group.VpcId,
      SecurityGroupIngress: toProperties("Source", ingress),
      SecurityGroupEgress: toProperties("Destination", egress),
      Tags: Tags.visible(tags, connection.keys),
      GroupId,
    }),
  }
})

type Group = Effect.Success<ReturnType<typeof describe>>

/** Leaves an undefined direction as it is. New rules come before old ones go. */
const putRules = Effect.fnUntraced(function* (
  { call }: Connection<EC2>,
  present: Group,
  wanted: { readonly [Direction in "ingress" | "egress"]: Group[Direction] | undefined },
) {
  const GroupId = present.nativeId
  const ingress = ruleChanges(present.ingress, wanted.ingress ?? present.ingress)
  const egress = ruleChanges(present.egress, wanted.egress ?? present.egress)
  const change = (
    rules: Group["ingress"],
    request: (
      ec2: EC2,
      input: { GroupId: string; IpPermissions: ReturnType<typeof toPermissions> },
      options: { readonly abortSignal: AbortSignal },
    ) => Promise<unknown>,
  ) =>
    rules.length === 0
      ? Effect.void
      : call((ec2, options) => request(ec2, { GroupId, IpPermissions: toPermissions(rules) }, options))

  yield* change(ingress.authorize, (ec2, ...input) => ec2.authorizeSecurityGroupIngress(...input))
  yield* change(egress.authorize, (ec2, ...input) => ec2.authorizeSecurityGroupEgress(...input))
  yield* change(ingress.describe, (ec2, ...input) => ec2.updateSecurityGroupRuleDescriptionsIngress(...input))
  yield* change(egress.describe, (ec2, ...input) => ec2.updateSecurityGroupRuleDescriptionsEgress(...input))
  yield* change(ingress.revoke, (ec2, ...input) => ec2.revokeSecurityGroupIngress(...input))
  yield* change(egress.revoke, (ec2, ...input) => ec2.revokeSecurityGroupEgress(...input))
})

export const Ec2SecurityGroup = awsResource({
  type: "AWS::EC2::SecurityGroup",
  idempotency: "tag",
  properties,
  canonical: withoutPorts,
  client: ({ ec2 }, target) => ec2(target),
  describe,
  find: Effect.fnUntraced(function* (connection, { operationId }) {
    const { GroupId } = yield* existing("security group of this operation", createdBy(connection, operationId))
    return yield* required("GroupId", GroupId)
  }),
  // CreateSecurityGroup: InvalidGroup.Duplicate, "you cannot create two security groups with the same name" in a VPC.
  refusesSecond: true,
  create: ({ call }, { properties: { GroupDescription, GroupName, VpcId }, tags }) => {
    const input = { GroupName, Description: GroupDescription, VpcId, ...tagSpecifications("security-group", tags) }
    return Effect.flatMap(
      call((ec2, options) => ec2.createSecurityGroup(input, options)),
      ({ GroupId }) => required("GroupId", GroupId),
    )
  },
  isConfigured: ({ SecurityGroupEgress, SecurityGroupIngress }) =>
    SecurityGroupEgress === undefined && SecurityGroupIngress === undefined,
  configure: (connection, GroupId, { SecurityGroupEgress, SecurityGroupIngress }) =>
    Effect.flatMap(describe(connection, GroupId), (present) =>
      putRules(connection, present, {
        ingress: SecurityGroupIngress && ingressRules(SecurityGroupIngress),
        egress: SecurityGroupEgress && egressRules(SecurityGroupEgress),
      }),
    ),
  update: (connection, change) => {
    const ingress = Patch.wanted(change, "SecurityGroupIngress", [])
    const egress = Patch.wanted(change, "SecurityGroupEgress", "any" as const)
    if (ingress === undefined && egress === undefined) return Effect.void
    return Effect.flatMap(change.present, (present) =>
      putRules(connection, present, {
        ingress: ingress && ingressRules(ingress),
        egress: egress === "any" ? [anywhere] : egress && egressRules(egress),
      }),
    )
  },
  putTags,
  removeTags,
  delete: ({ call }, GroupId) => call((ec2, options) => ec2.deleteSecurityGroup({ GroupId }, options)),
  list: ({ call }, page) =>
    Effect.map(
      call((ec2, options) => ec2.describeSecurityGroups(pageInput(page), options)),
      ({ NextToken, SecurityGroups = [] }) => ({
        // The default group of each VPC cannot be deleted.
        ids: SecurityGroups.filter(({ GroupName }) => GroupName !== "default").map(({ GroupId }) => GroupId),
        next: NextToken,
      }),
    ),
})
