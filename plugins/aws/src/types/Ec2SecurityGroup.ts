/** AWS::EC2::SecurityGroup. Its native id is made up by EC2; its rules are put into it after it is made. */
import type { EC2 } from "@aws-sdk/client-ec2"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { madeBy, only, pageOf, putTags, removeTags, tagged } from "../Ec2.ts"
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
} from "./Ec2SecurityGroupRules.ts"

const properties = Schema.Struct({
  GroupName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^(?!sg-)(?!default$).{1,255}$/u, { message: "Expected a group's name" })),
  ),
  GroupDescription: Property.createOnly(Schema.NonEmptyString),
  VpcId: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  SecurityGroupIngress: Property.unordered(Schema.optionalKey(IngressRules)),
  SecurityGroupEgress: Property.unordered(Schema.optionalKey(EgressRules)),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  GroupId: Property.output(Schema.String),
})

const describe = Effect.fnUntraced(function* ({ ask }: At<EC2>, GroupId: string) {
  const { SecurityGroups } = yield* ask((ec2, options) => ec2.describeSecurityGroups({ GroupIds: [GroupId] }, options))
  const group = yield* only(`security group ${GroupId}`, SecurityGroups)
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
      Tags: Tags.visible(tags),
      GroupId,
    }),
  }
})

type Group = Effect.Success<ReturnType<typeof describe>>

/** Directions that are undefined are left as they are. What is wanted is allowed before anything else is forbidden. */
const putRules = Effect.fnUntraced(function* (
  { ask }: At<EC2>,
  present: Group,
  then: { readonly [Direction in "ingress" | "egress"]: Group[Direction] | undefined },
) {
  const GroupId = present.nativeId
  const ingress = ruleChanges(present.ingress, then.ingress ?? present.ingress)
  const egress = ruleChanges(present.egress, then.egress ?? present.egress)
  const change = (
    rules: Group["ingress"],
    call: (
      ec2: EC2,
      input: { GroupId: string; IpPermissions: ReturnType<typeof toPermissions> },
      options: { readonly abortSignal: AbortSignal },
    ) => Promise<unknown>,
  ) =>
    rules.length === 0
      ? Effect.void
      : ask((ec2, options) => call(ec2, { GroupId, IpPermissions: toPermissions(rules) }, options))

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
  client: ({ ec2 }, target) => ec2(target),
  describe,
  find: Effect.fnUntraced(function* ({ ask }, { operationId }) {
    const { SecurityGroups } = yield* ask((ec2, options) => ec2.describeSecurityGroups(madeBy(operationId), options))
    return yield* required("GroupId", (yield* only("security group of this operation", SecurityGroups)).GroupId)
  }),
  create: ({ ask }, { properties: { GroupDescription, GroupName, VpcId }, tags }) => {
    const input = { GroupName, Description: GroupDescription, VpcId, ...tagged("security-group", tags) }
    return Effect.flatMap(
      ask((ec2, options) => ec2.createSecurityGroup(input, options)),
      ({ GroupId }) => required("GroupId", GroupId),
    )
  },
  isConfigured: ({ SecurityGroupEgress, SecurityGroupIngress }) =>
    SecurityGroupEgress === undefined && SecurityGroupIngress === undefined,
  configure: (at, GroupId, { SecurityGroupEgress, SecurityGroupIngress }) =>
    Effect.flatMap(describe(at, GroupId), (present) =>
      putRules(at, present, {
        ingress: SecurityGroupIngress && ingressRules(SecurityGroupIngress),
        egress: SecurityGroupEgress && egressRules(SecurityGroupEgress),
      }),
    ),
  update: (at, change) => {
    const ingress = Patch.wanted(change, "SecurityGroupIngress", [])
    const egress = Patch.wanted(change, "SecurityGroupEgress", "any" as const)
    return putRules(at, change.present, {
      ingress: ingress && ingressRules(ingress),
      egress: egress === "any" ? [anywhere] : egress && egressRules(egress),
    })
  },
  putTags,
  removeTags,
  delete: ({ ask }, GroupId) => ask((ec2, options) => ec2.deleteSecurityGroup({ GroupId }, options)),
  list: ({ ask }, page) =>
    Effect.map(
      ask((ec2, options) => ec2.describeSecurityGroups(pageOf(page), options)),
      ({ NextToken, SecurityGroups = [] }) => ({
        // The one that each VPC has, and that can not be deleted.
        ids: SecurityGroups.filter(({ GroupName }) => GroupName !== "default").map(({ GroupId }) => GroupId),
        next: NextToken,
      }),
    ),
})
