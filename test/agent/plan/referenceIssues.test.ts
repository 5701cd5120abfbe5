import { assert, describe, it } from "@effect/vitest"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { referenceIssues } from "../../../src/agent/plan/referenceIssues.ts"
import { Naming } from "../../../src/protocol/Naming.ts"
import type { TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { thing } from "./capabilities.ts"
import { wanted } from "./planned.ts"

const naming = Naming.make({ property: "Name", letters: "lower", separator: "-", maxLength: 63 })

const doubts = (capabilities: TypeCapabilities, property: string) => {
  const wants = [
    wanted("pictures", {}, { capabilities }),
    wanted("reader", { Name: "reader", Options: { $ref: `pictures.${property}` } }),
  ]
  const resources = wants.map(({ resource }) => resource)
  return referenceIssues({ resources }, makePlan(wants, new Map())).doubts.map(({ path }) => path.join("."))
}

describe("a reference to what the document does not set", () => {
  it("is in doubt, unless it is the name that will be made", () => {
    assert.deepEqual(doubts(thing, "Name"), ["resources.1.properties.Options"])
    assert.deepEqual(doubts({ ...thing, naming }, "Name"), [])
    assert.deepEqual(doubts({ ...thing, naming }, "Size"), ["resources.1.properties.Options"])
  })

  it("is in doubt in an output too", () => {
    const pictures = wanted("pictures")
    const outputs = { size: { $text: "${pictures.Size}" }, id: { $ref: "pictures.Id" } }
    const { doubts: found } = referenceIssues(
      { resources: [pictures.resource], outputs },
      makePlan([pictures], new Map()),
    )
    assert.deepEqual(found, [
      {
        path: ["outputs", "size"],
        message:
          "the document does not set Size of pictures, so this has a value only if the provider chooses one; otherwise there will be no such output. Set it, or refer to another property",
      },
    ])
  })
})
