/** The rules of a security group: in a document each has one peer, in a permission of EC2 it may have many. */
import { canonicalBlock, Property, returned } from "formae/plugin"
import type { Properties } from "formae/protocol"
import type { IpPermission } from "@aws-sdk/client-ec2"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** EC2 returns names instead of the numbers of some protocols. */
const protocols: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6" }

/** The name of a protocol, as EC2 returns it. */
const protocolOf = (protocol: string): string => protocols[protocol] ?? protocol.toLowerCase()

/** Rules for all other protocols are for all ports, and EC2 does not keep the ports. */
const withPorts: ReadonlySet<string> = new Set(Object.values(protocols))

const Port = Schema.Int.check(Schema.isBetween({ minimum: -1, maximum: 65_535 }))
const optional = Schema.optionalKey(Schema.NonEmptyString)
const traffic = {
  IpProtocol: Schema.NonEmptyString.pipe(Property.caseInsensitive, Property.aliases(protocols)),
  FromPort: Schema.optionalKey(Port),
  ToPort: Schema.optionalKey(Port),
  CidrIp: Property.cidr(optional),
  CidrIpv6: Property.cidr(optional),
  Description: optional,
}
const Ingress = Schema.Struct({ ...traffic, SourceSecurityGroupId: optional, SourcePrefixListId: optional })
const Egress = Schema.Struct({ ...traffic, DestinationSecurityGroupId: optional, DestinationPrefixListId: optional })

/** A rule for either direction. */
interface Rule {
  readonly IpProtocol: string
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIp?: string | undefined
  readonly CidrIpv6?: string | undefined
  readonly group?: string | undefined
  readonly list?: string | undefined
  readonly Description?: string | undefined
}

const fromIngress = ({
  SourcePrefixListId: list,
  SourceSecurityGroupId: group,
  ...rule
}: typeof Ingress.Type): Rule => ({
  ...rule,
  group,
  list,
})
const fromEgress = ({
  DestinationPrefixListId: list,
  DestinationSecurityGroupId: group,
  ...rule
}: typeof Egress.Type): Rule => ({ ...rule, group, list })

const hasOnePeer = ({ CidrIp, CidrIpv6, group, list }: Rule) =>
  [CidrIp, CidrIpv6, group, list].filter(Predicate.isNotUndefined).length === 1 ||
  "Expected exactly one of CidrIp, CidrIpv6, a security group and a prefix list"

export const IngressRules = Schema.Array(Ingress.check(Schema.makeFilter((rule) => hasOnePeer(fromIngress(rule)))))
export const EgressRules = Schema.Array(Egress.check(Schema.makeFilter((rule) => hasOnePeer(fromEgress(rule)))))

export const ingressRules = (rules: typeof IngressRules.Type): ReadonlyArray<Rule> => rules.map(fromIngress)
export const egressRules = (rules: typeof EgressRules.Type): ReadonlyArray<Rule> => rules.map(fromEgress)

/** The rules as properties, with the property names of their direction. */
export const toProperties = (prefix: "Source" | "Destination", rules: ReadonlyArray<Rule>) =>
  rules.map(({ group, list, ...rule }) =>
    returned({ ...rule, [`${prefix}SecurityGroupId`]: group, [`${prefix}PrefixListId`]: list }),
  )

/** EC2 gives each new group this egress rule. */
export const anywhere: Rule = { IpProtocol: "-1", CidrIp: "0.0.0.0/0" }

/** EC2 merges rules that differ only in their peers into one permission. */
export const fromPermissions = (permissions: ReadonlyArray<IpPermission> = []): ReadonlyArray<Rule> =>
  permissions.flatMap(({ FromPort, IpProtocol = "-1", ToPort, ...peers }) => {
    const rule = { IpProtocol, FromPort, ToPort }
    return [
      ...(peers.IpRanges ?? []).map((peer) => ({ ...rule, ...peer })),
      ...(peers.Ipv6Ranges ?? []).map((peer) => ({ ...rule, ...peer })),
      ...(peers.UserIdGroupPairs ?? []).map(({ Description, GroupId: group }) => ({ ...rule, Description, group })),
      ...(peers.PrefixListIds ?? []).map(({ Description, PrefixListId: list }) => ({ ...rule, Description, list })),
    ]
  })

export const toPermissions = (rules: ReadonlyArray<Rule>): Array<IpPermission> =>
  rules.map(({ CidrIp, CidrIpv6, Description, FromPort, IpProtocol, ToPort, group, list }) => ({
    IpProtocol,
    FromPort,
    ToPort,
    ...(CidrIp === undefined ? {} : { IpRanges: [{ CidrIp, Description }] }),
    ...(CidrIpv6 === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6, Description }] }),
    ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, Description }] }),
    ...(list === undefined ? {} : { PrefixListIds: [{ PrefixListId: list, Description }] }),
  }))

/** The canonical form of a security group: rules for all ports have none. */
export const withoutPorts = (properties: Properties): Properties =>
  Object.fromEntries(
    Object.entries(properties).map(([name, rules]) => [
      name,
      (name === "SecurityGroupIngress" || name === "SecurityGroupEgress") && Array.isArray(rules)
        ? rules.map(ruleWithoutPorts)
        : rules,
    ]),
  )

const ruleWithoutPorts = (rule: Properties[string]): Properties[string] => {
  if (!Predicate.isObject(rule) || Array.isArray(rule)) return rule
  const { FromPort: _from, ToPort: _to, ...rest } = rule as Properties
  return withPorts.has(protocolOf(String(rest["IpProtocol"]))) ? rule : rest
}

/** Identifies a rule: everything but its description. */
const keyOf = ({ CidrIp, CidrIpv6, FromPort, IpProtocol, ToPort, group, list }: Rule): string => {
  const protocol = protocolOf(IpProtocol)
  const ports = withPorts.has(protocol) ? [FromPort, ToPort] : []
  const blocks = [CidrIp, CidrIpv6].map((block) => block && canonicalBlock(block))
  return JSON.stringify([protocol, ...blocks, group, list, ...ports])
}

/** The changes from the present rules to the wanted ones. The rules in `describe` only get another description. */
export const ruleChanges = (present: ReadonlyArray<Rule>, wanted: ReadonlyArray<Rule>) => {
  const now = new Map(present.map((rule) => [keyOf(rule), rule]))
  const then = new Map(wanted.map((rule) => [keyOf(rule), rule]))
  return {
    authorize: [...then].flatMap(([key, rule]) => (now.has(key) ? [] : [rule])),
    revoke: [...now].flatMap(([key, rule]) => (then.has(key) ? [] : [rule])),
    describe: [...then].flatMap(([key, rule]) => {
      const same = now.get(key)
      return same === undefined || (same.Description ?? "") === (rule.Description ?? "") ? [] : [rule]
    }),
  }
}
