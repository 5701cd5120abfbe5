import { assert, describe, it } from "@effect/vitest"
import { type Failing, type FailingOperation, type Proof, whatItProves } from "../../../src/agent/operations/Proof.ts"
import { JournaledKind } from "../../../src/agent/records/JournalEntry.ts"
import { ErrorCode } from "../../../src/protocol/ErrorCode.ts"
import { NativeId, RequestId } from "../../../src/protocol/Identity.ts"

/** After these the provider may have done its part. */
const doubtful: ReadonlySet<string> = new Set([
  "ServiceInternalError",
  "ServiceTimeout",
  "NetworkFailure",
  "InternalFailure",
  "UnforeseenError",
])
/** These are about the asking, and not about the work. */
const ofAsking: ReadonlySet<string> = new Set([
  "Throttling",
  "AccessDenied",
  "InvalidCredentials",
  "PluginNotFound",
  "NotFound",
])

const ways = ["certain", "of asking", "doubtful", "not sent", "unheard"] as const
type Way = (typeof ways)[number]

const failingsOf = (way: Way): ReadonlyArray<Failing> => {
  const refused = (fits: (code: ErrorCode) => boolean) =>
    ErrorCode.literals.filter(fits).map((code): Failing => ({ _tag: "Refused", code }))
  switch (way) {
    case "certain":
      return refused((code) => !doubtful.has(code) && !ofAsking.has(code))
    case "of asking":
      return refused((code) => ofAsking.has(code))
    case "doubtful":
      return refused((code) => doubtful.has(code))
    case "not sent":
      return [{ _tag: "NotSent" }]
    case "unheard":
      return [{ _tag: "Unheard" }]
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
const cases: ReadonlyArray<Case> = JournaledKind.literals.flatMap((kind) =>
  either.flatMap((requestId) =>
    either.flatMap((nativeId) =>
      either.flatMap((unanswered) => ways.map((way) => ({ kind, requestId, nativeId, unanswered, way }))),
    ),
  ),
)

/** What is left out may be anything; the rows exclude each other. */
interface Rule {
  readonly when: { readonly [Column in keyof Case]?: ReadonlyArray<Case[Column]> }
  readonly is: Proof
}

const accepted = { requestId: [true] } as const
const changing = { requestId: [false], kind: ["Update", "Delete"] } as const
const create = { requestId: [false], kind: ["Create"] } as const
const sure = ["certain", "of asking", "not sent"] as const
const unsure = ["doubtful", "unheard"] as const

const rules: ReadonlyArray<Rule> = [
  { when: { ...accepted, way: ["certain"] }, is: "Failed" },
  { when: { ...accepted, way: ["of asking", "doubtful", "not sent", "unheard"] }, is: "UnderWay" },
  { when: { ...changing, unanswered: [false], way: sure }, is: "Failed" },
  { when: { ...changing, unanswered: [false], way: unsure }, is: "Anew" },
  { when: { ...changing, unanswered: [true] }, is: "Anew" },
  { when: { ...create, nativeId: [true] }, is: "Failed" },
  { when: { ...create, nativeId: [false], unanswered: [false], way: sure }, is: "Failed" },
  { when: { ...create, nativeId: [false], unanswered: [false], way: unsure }, is: "Undecided" },
  // A sending that fails for certain does not tell what the one before it has done.
  { when: { ...create, nativeId: [false], unanswered: [true] }, is: "Undecided" },
]

const columns = ["kind", "requestId", "nativeId", "unanswered", "way"] as const
const fits = (one: Case, { when }: Rule): boolean =>
  columns.every((column) => {
    const allowed: ReadonlyArray<unknown> | undefined = when[column]
    return allowed === undefined || allowed.includes(one[column])
  })

const operationOf = ({ kind, nativeId, requestId, unanswered }: Case): FailingOperation => ({
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
      for (const failing of failingsOf(one.way)) {
        assert.strictEqual(whatItProves(operationOf(one), failing), rule.is, JSON.stringify([one, failing]))
      }
    }
  })
})
