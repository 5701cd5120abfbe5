import { assert, describe, it } from "@effect/vitest"
import {
  egressRules,
  fromPermissions,
  ingressRules,
  ruleChanges,
  toPermissions,
  toProperties,
} from "../../../plugins/aws/src/types/Ec2SecurityGroupRules.ts"

const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 }
const ingress = [
  { ...https, CidrIp: "10.0.0.0/8", Description: "inside" },
  { ...https, CidrIpv6: "::/0" },
  { ...https, SourceSecurityGroupId: "sg-1" },
  { IpProtocol: "-1", SourcePrefixListId: "pl-1" },
]

describe("the rules of a security group", () => {
  it("are the same after conversion to permissions and back", () => {
    const rules = ingressRules(ingress)
    assert.deepStrictEqual(toProperties("Source", fromPermissions(toPermissions(rules))), ingress)
    const egress = [{ ...https, DestinationSecurityGroupId: "sg-1" }]
    assert.deepStrictEqual(toProperties("Destination", fromPermissions(toPermissions(egressRules(egress)))), egress)
  })

  it("are separate for each peer of a permission", () => {
    const joined = { ...https, IpRanges: [{ CidrIp: "10.0.0.0/8" }, { CidrIp: "11.0.0.0/8", Description: "far" }] }
    assert.deepStrictEqual(toProperties("Source", fromPermissions([joined])), [
      { ...https, CidrIp: "10.0.0.0/8" },
      { ...https, CidrIp: "11.0.0.0/8", Description: "far" },
    ])
    assert.deepStrictEqual(fromPermissions(undefined), [])
  })

  it("are authorized, revoked, or only described again", () => {
    const [inside, v6, group] = ingressRules(ingress)
    if (inside === undefined || v6 === undefined || group === undefined) throw new TypeError("Expected three rules")
    const renamed = { ...inside, Description: "from inside" }
    assert.deepStrictEqual(ruleChanges([inside, v6], [renamed, group]), {
      authorize: [group],
      revoke: [v6],
      describe: [renamed],
    })
  })

  it("are equal if EC2 names the protocol, or leaves out the ports of all protocols", () => {
    const present = [
      { ...https, CidrIp: "10.0.0.0/8" },
      { IpProtocol: "-1", CidrIp: "0.0.0.0/0" },
    ]
    const wanted = [
      { ...https, IpProtocol: "6", CidrIp: "10.0.0.0/8" },
      { IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIp: "0.0.0.0/0" },
    ]
    assert.deepStrictEqual(ruleChanges(present, wanted), { authorize: [], revoke: [], describe: [] })
  })
})
