import { assert, describe, it } from "@effect/vitest"
import { decide, type Decision, isWorthAsking, type Known, type Said } from "../../../src/agent/operations/Recovery.ts"
import { type JournaledKind, JournaledKind as Kinds } from "../../../src/agent/records/JournalEntry.ts"
import { NativeId, RequestId } from "../../../src/protocol/Identity.ts"
import { Idempotency } from "../../../src/protocol/Resource.ts"

const known = { requestId: RequestId.make("request"), nativeId: NativeId.make("known") }
const told = { requestId: RequestId.make("told"), nativeId: NativeId.make("made") }

const saying: Record<Said["status"], Said> = {
  NotStarted: { status: "NotStarted" },
  InProgress: { status: "InProgress", requestId: told.requestId },
  Done: { status: "Done", nativeId: told.nativeId, properties: { Size: 1 } },
  Unknown: { status: "Unknown", message: "nobody answers" },
  NotAsked: { status: "NotAsked" },
  Absent: { status: "Absent" },
}

/** All that a decision may depend on. */
interface Case {
  readonly kind: JournaledKind
  readonly maybeSent: boolean
  readonly requestId: boolean
  readonly nativeId: boolean
  readonly said: Said["status"]
  readonly idempotency: Idempotency
}

const either = [true, false] as const
const cases: ReadonlyArray<Case> = Kinds.literals.flatMap((kind) =>
  either.flatMap((maybeSent) =>
    either.flatMap((requestId) =>
      either.flatMap((nativeId) =>
        (Object.keys(saying) as ReadonlyArray<Said["status"]>).flatMap((said) =>
          Idempotency.literals.map((idempotency) => ({ kind, maybeSent, requestId, nativeId, said, idempotency })),
        ),
      ),
    ),
  ),
)

/** What is left out may be anything; the rows exclude each other. */
interface Rule {
  readonly when: { readonly [Column in keyof Case]?: ReadonlyArray<Case[Column]> }
  readonly is: Decision["_tag"]
}

const create = { kind: ["Create"], requestId: [false] } as const
const sentCreate = { ...create, maybeSent: [true] } as const
const there = ["NotStarted", "InProgress", "Done", "Unknown", "NotAsked"] as const
const noAnswer = ["Unknown", "NotAsked"] as const

const rules: ReadonlyArray<Rule> = [
  { when: { said: ["Absent"] }, is: "Wait" },
  { when: { said: there, requestId: [true] }, is: "PollAgain" },
  { when: { said: there, requestId: [false], kind: ["Update", "Delete"] }, is: "Send" },
  { when: { ...create, said: there, maybeSent: [false] }, is: "Send" },
  { when: { ...sentCreate, said: ["NotStarted"] }, is: "Send" },
  { when: { ...sentCreate, said: ["InProgress"] }, is: "TakeOver" },
  { when: { ...sentCreate, said: ["Done"] }, is: "Finish" },
  { when: { ...sentCreate, said: noAnswer, idempotency: ["name", "token", "tag"] }, is: "Send" },
  { when: { ...sentCreate, said: noAnswer, idempotency: ["none"] }, is: "AskHuman" },
]

const columns = ["kind", "maybeSent", "requestId", "nativeId", "said", "idempotency"] as const
const fits = (one: Case, { when }: Rule): boolean =>
  columns.every((column) => {
    const allowed: ReadonlyArray<unknown> | undefined = when[column]
    return allowed === undefined || allowed.includes(one[column])
  })

const knownIn = ({ kind, maybeSent, nativeId, requestId }: Case): Known => ({
  kind,
  maybeSent,
  requestId: requestId ? known.requestId : null,
  nativeId: nativeId ? known.nativeId : null,
})

/** The whole of a decision. */
const decisionOf = (tag: Decision["_tag"], one: Case): Decision => {
  const nativeId = knownIn(one).nativeId
  switch (tag) {
    case "PollAgain":
      return { _tag: tag, requestId: known.requestId, nativeId }
    case "TakeOver":
      return { _tag: tag, requestId: told.requestId, nativeId }
    case "Finish":
      return { _tag: tag, nativeId: told.nativeId, properties: { Size: 1 } }
    case "Send":
    case "Wait":
    case "AskHuman":
      return { _tag: tag }
  }
}

describe("the decision on an operation of whose end nothing is known", () => {
  it("has exactly one rule for each combination of what it may depend on", () => {
    assert.lengthOf(cases, 3 * 2 * 2 * 2 * 6 * 4)
    const wrong = cases.filter((one) => rules.filter((rule) => fits(one, rule)).length !== 1)
    assert.deepEqual(wrong, [])
  })

  it.each(rules.map((rule) => [rule.is, JSON.stringify(rule.when), rule] as const))("is %s when %s", (_, __, rule) => {
    const covered = cases.filter((one) => fits(one, rule))
    assert.isNotEmpty(covered)
    for (const one of covered) {
      const decision = decide(knownIn(one), saying[one.said], one.idempotency)
      assert.deepEqual(decision, decisionOf(rule.is, one), JSON.stringify(one))
    }
  })

  it("goes by the native id that the plugin tells, ahead of the one that was known", () => {
    assert.deepEqual(
      decide(
        { kind: "Create", maybeSent: true, requestId: null, nativeId: known.nativeId },
        { status: "InProgress", ...told },
        "tag",
      ),
      { _tag: "TakeOver", ...told },
    )
  })
})

describe("a plugin", () => {
  it("is worth asking of a create only that may have been sent, has no request id, and can be asked for", () => {
    const asked = cases.flatMap((one) =>
      either
        .filter((recoverable) => isWorthAsking(knownIn(one), { recoverable }))
        .map((recoverable) => [one, recoverable]),
    )
    const expected = cases
      .filter(({ kind, maybeSent, requestId }) => kind === "Create" && maybeSent && !requestId)
      .map((one) => [one, true])
    assert.deepEqual(asked, expected)
  })
})
