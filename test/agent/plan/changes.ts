/** Changes of plans, in short, and any of them. */
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Change, ChangeOperation } from "../../../src/agent/plan/Change.ts"
import { thing } from "./capabilities.ts"
import { existing, wanted } from "./planned.ts"

/** A change by its label, the labels that it refers to now, and those that it referred to when it was last applied. */
export const change = (
  operation: ChangeOperation,
  label: string,
  now: ReadonlyArray<string> = [],
  before: ReadonlyArray<string> = now,
): Change => {
  const found = existing(label)
  const row = { ...found.row, dependsOn: before }
  const isNew = operation === "create"
  return {
    label,
    type: thing.type,
    operation,
    changed: [],
    ...(isNew ? {} : { nativeId: row.nativeId, existing: { ...found, row } }),
    ...(operation === "delete" ? {} : { wanted: wanted(label) }),
    dependsOn: operation === "delete" ? before : now,
  }
}

const operations = ["create", "update", "replace", "delete", "noop"] as const
const Resource = Schema.Struct({
  operation: Schema.Literals(operations),
  now: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 11 }))),
  before: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 11 }))),
  rank: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 11 })),
})

/** References lead to earlier resources now. Those of the last apply had a different order. */
export const plans = Arbitrary.map(
  Arbitrary.array(Arbitrary.schema(Resource), { minLength: 1, maxLength: 12 }),
  (drafts) =>
    drafts.map(({ before, now, operation }, index) => {
      const rankOf = (one: number) => [drafts[one]?.rank ?? 0, one] as const
      const [rank] = rankOf(index)
      const labels = (numbers: ReadonlyArray<number>) => [...new Set(numbers)].map((one) => `r${one}`)
      return change(
        operation,
        `r${index}`,
        labels(now.filter((one) => one < index && drafts[one]?.operation !== "delete")),
        labels(before.filter((one) => one < drafts.length && one !== index && rankOf(one)[0] < rank)),
      )
    }),
)
