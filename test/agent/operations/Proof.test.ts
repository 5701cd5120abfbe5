import { assert, describe, it } from "@effect/vitest"
import { type CallFailure, type Proof, type ProofFacts, proofOf } from "../../../src/agent/operations/Proof.ts"
import { JournaledKind } from "../../../src/agent/records/JournaledKind.ts"
import { ErrorCode } from "../../../src/protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../../../src/protocol/Identity.ts"

/** Codes after which the provider may have done its part. */
const doubtful: ReadonlySet<string> = new Set([
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
  "UnforeseenError",
])
/** Codes that are about a failed status call, and not about the work. */
const statusCodes: ReadonlySet<string> = new Set([
  "Throttling",
  "AccessDenied",
  "InvalidCredentials",
  "PluginNotFound",
  "NotFound",
])

const ways = ["certain", "status", "doubtful", "not sent", "no answer"] as const
/** How a call fails. */
type Way = (typeof ways)[number]

const failuresOf = (way: Way): ReadonlyArray<CallFailure> => {
  const refused = (fits: (code: ErrorCode) => boolean) =>
    ErrorCode.literals.filter(fits).map((code): CallFailure => ({ _tag: "Refused", code }))
  switch (way) {
    case "certain":
      return refused((code) => !doubtful.has(code) && !statusCodes.has(code))
    case "status":
      return refused((code) => statusCodes.has(code))
    case "doubtful":
      return refused((code) => doubtful.has(code))
    case "not sent":
      return [{ _tag: "NotSent" }]
    case "no answer":
      return [{ _tag: "NoAnswer" }]
  }
}

interface Case {
  readonly kind: JournaledKind
  readonly requestId: boolean
  readonly nativeId: boolean
  readonly unanswered: boolean
  readonly way: Way
}

const either = [true, false] as const
const cases: ReadonlyArray<Case> = JournaledKind.literals
  .filter((kind) => kind !== "Import")
  .flatMap((kind) =>
    either.flatMap((requestId) =>
      either.flatMap((nativeId) =>
        either.flatMap((unanswered) => ways.map((way) => ({ kind, requestId, nativeId, unanswered, way }))),
      ),
    ),
  )

/** A column that is left out may have any value. The rules exclude each other. */
interface Rule {
  readonly when: { readonly [Column in keyof Case]?: ReadonlyArray<Case[Column]> }
  readonly is: Proof
}

const accepted = { requestId: [true] } as const
const changing = { requestId: [false], kind: ["Update", "Delete"] } as const
const create = { requestId: [false], kind: ["Create"] } as const
const sure = ["certain", "status", "not sent"] as const
const unsure = ["doubtful", "no answer"] as const

const rules: ReadonlyArray<Rule> = [
  { when: { ...accepted, way: ["certain"] }, is: "Failed" },
  { when: { ...accepted, way: ["status", "doubtful", "not sent", "no answer"] }, is: "UnderWay" },
  { when: { ...changing, unanswered: [false], way: sure }, is: "Failed" },
  { when: { ...changing, unanswered: [false], way: unsure }, is: "PlanAgain" },
  { when: { ...changing, unanswered: [true] }, is: "PlanAgain" },
  { when: { ...create, nativeId: [true] }, is: "Failed" },
  { when: { ...create, nativeId: [false], unanswered: [false], way: sure }, is: "Failed" },
  { when: { ...create, nativeId: [false], unanswered: [false], way: unsure }, is: "Undecided" },
  // A call that certainly fails does not tell what the one before it has done.
  { when: { ...create, nativeId: [false], unanswered: [true] }, is: "Undecided" },
]

const columns = ["kind", "requestId", "nativeId", "unanswered", "way"] as const
const fits = (one: Case, { when }: Rule): boolean =>
  columns.every((column) => {
    const allowed: ReadonlyArray<unknown> | undefined = when[column]
    return allowed === undefined || allowed.includes(one[column])
  })

const factsOf = ({ kind, nativeId, requestId, unanswered }: Case): ProofFacts => ({
  kind,
  unanswered,
  requestId: requestId ? RequestId.make("request") : null,
  nativeId: nativeId ? NativeId.make("native") : null,
})

describe("what a failure proves", () => {
  it("has exactly one rule for each combination", () => {
    assert.lengthOf(cases, 3 * 2 * 2 * 2 * 5)
    assert.deepEqual(
      cases.filter((one) => rules.filter((rule) => fits(one, rule)).length !== 1),
      [],
    )
  })

  it.each(rules.map((rule) => [rule.is, JSON.stringify(rule.when), rule] as const))("is %s when %s", (_, __, rule) => {
    const covered = cases.filter((one) => fits(one, rule))
    assert.isNotEmpty(covered)
    for (const one of covered) {
      for (const failure of failuresOf(one.way)) {
        assert.strictEqual(proofOf(factsOf(one), failure), rule.is, JSON.stringify([one, failure]))
      }
    }
  })
})
