import { assert } from "@effect/vitest"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { heapUsedMiB } from "../supervision/resourcesHeld.ts"
import { byLabel, existing, wanted } from "./planned.ts"

/** How many bytes the plan of so many resources takes beside them, where nothing is to be done. */
export const bytesOfPlan = (count: number): number => {
  const properties = (index: number) =>
    index === 0
      ? { Size: 0 }
      : { Name: { $ref: "r0.Id" }, Options: { Inner: `inner-${index}`, Other: `other-${index}` }, Size: index }
  const labels = Array.from({ length: count }, (_, index) => `r${index}`)
  const wants = labels.map((label, index) => wanted(label, properties(index)))
  const found = labels.map((label, index) =>
    existing(label, index === 0 ? { Size: 0 } : { ...properties(index), Name: "id-r0" }),
  )
  const rows = byLabel(...found)
  const before = heapUsedMiB()
  const changes = makePlan(wants, rows)
  const grown = heapUsedMiB() - before
  assert.isTrue(changes.every(({ label, operation }) => operation === "noop" && rows.has(label)))
  assert.lengthOf(changes, wants.length)
  return grown * 2 ** 20
}
