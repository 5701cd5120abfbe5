import { assert, describe, it } from "@effect/vitest"
import { policyChanges } from "../../../plugins/aws/src/types/IamRole.ts"

const policy = (PolicyName: string, Action: string) => ({ PolicyName, PolicyDocument: { Statement: [{ Action }] } })
const present = { attached: ["a", "b"], policies: [policy("read", "get"), policy("write", "put")] }
const nothing = { add: [], remove: [] }

describe("the changes of a role's policies", () => {
  it("are empty if nothing is wanted or everything is as wanted", () => {
    const reordered = { attached: ["b", "a"], policies: [policy("write", "put"), policy("read", "get")] }
    for (const then of [{ attached: undefined, policies: undefined }, reordered]) {
      assert.deepStrictEqual(policyChanges(present, then), { attached: nothing, policies: nothing })
    }
  })

  it("are the policies that are new, removed or different", () => {
    const then = { attached: ["b", "c"], policies: [policy("write", "delete")] }
    assert.deepStrictEqual(policyChanges(present, then), {
      attached: { add: ["c"], remove: ["a"] },
      policies: { add: [policy("write", "delete")], remove: [policy("read", "get")] },
    })
  })

  it("remove all policies if none is wanted", () => {
    assert.deepStrictEqual(policyChanges(present, { attached: [], policies: [] }), {
      attached: { add: [], remove: present.attached },
      policies: { add: [], remove: present.policies },
    })
  })
})
