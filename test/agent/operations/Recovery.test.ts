import { assert, describe, it } from "@effect/vitest"
import {
  type RecoveryAnswer,
  decide,
  type Decision,
  isWorthAsking,
  type RecoveryFacts,
} from "../../../src/agent/operations/Recovery.ts"
import { type JournaledKind, JournaledKind as Kinds } from "../../../src/agent/records/JournaledKind.ts"
import { NativeId, RequestId } from "../../../src/protocol/Identity.ts"
import { Idempotency } from "../../../src/protocol/Resource.ts"

/** The ids that the journal has. */
const recorded = { requestId: RequestId.make("request"), nativeId: NativeId.make("recorded") }
/** The ids that the plugin answers. */
const answered = { requestId: RequestId.make("answered"), nativeId: NativeId.make("made") }

const answers: Record<RecoveryAnswer["status"], RecoveryAnswer> = {
  NotStarted: { status: "NotStarted" },
  InProgress: { status: "InProgress", requestId: answered.requestId },
  Done: { status: "Done", nativeId: answered.nativeId, properties: { Size: 1 } },
  Unknown: { status: "Unknown", message: "nobody answers" },
  NotAsked: { status: "NotAsked" },
  Absent: { status: "Absent" },
}

/** Everything that a decision may depend on. */
interface Case {
  readonly kind: JournaledKind
  readonly maybeSent: boolean
  readonly requestId: boolean
  readonly nativeId: boolean
  readonly answer: RecoveryAnswer["status"]
  readonly idempotency: Idempotency
}

const either = [true, false] as const
const cases: ReadonlyArray<Case> = Kinds.literals
  .filter((kind) => kind !== "Import")
  .flatMap((kind) =>
    either.flatMap((maybeSent) =>
      either.flatMap((requestId) =>
        either.flatMap((nativeId) =>
          (Object.keys(answers) as ReadonlyArray<RecoveryAnswer["status"]>).flatMap((answer) =>
            Idempotency.literals.map((idempotency) => ({ kind, maybeSent, requestId, nativeId, answer, idempotency })),
          ),
        ),
      ),
    ),
  )

/** A column that is left out may have any value. The rules exclude each other. */
interface Rule {
  readonly when: { readonly [Column in keyof Case]?: ReadonlyArray<Case[Column]> }
  readonly is: Decision["_tag"]
}

const create = { kind: ["Create"], requestId: [false] } as const
const sentCreate = { ...create, maybeSent: [true] } as const
const there = ["NotStarted", "InProgress", "Done", "Unknown", "NotAsked"] as const
const noAnswer = ["Unknown", "NotAsked"] as const

const rules: ReadonlyArray<Rule> = [
  { when: { answer: ["Absent"] }, is: "Wait" },
  { when: { answer: there, requestId: [true] }, is: "PollAgain" },
  { when: { answer: there, requestId: [false], kind: ["Update", "Delete"] }, is: "Send" },
  { when: { ...create, answer: there, maybeSent: [false] }, is: "Send" },
  { when: { ...sentCreate, answer: ["NotStarted"] }, is: "Send" },
  { when: { ...sentCreate, answer: ["InProgress"] }, is: "TakeOver" },
  { when: { ...sentCreate, answer: ["Done"] }, is: "Finish" },
  { when: { ...sentCreate, answer: noAnswer, idempotency: ["name", "token", "tag"] }, is: "Send" },
  { when: { ...sentCreate, answer: noAnswer, idempotency: ["none"] }, is: "AskHuman" },
]

const columns = ["kind", "maybeSent", "requestId", "nativeId", "answer", "idempotency"] as const
const fits = (one: Case, { when }: Rule): boolean =>
  columns.every((column) => {
    const allowed: ReadonlyArray<unknown> | undefined = when[column]
    return allowed === undefined || allowed.includes(one[column])
  })

const factsOf = ({ kind, maybeSent, nativeId, requestId }: Case): RecoveryFacts => ({
  kind,
  maybeSent,
  requestId: requestId ? recorded.requestId : null,
  nativeId: nativeId ? recorded.nativeId : null,
})

/** The complete decision. */
const decisionOf = (tag: Decision["_tag"], one: Case): Decision => {
  const nativeId = factsOf(one).nativeId
  switch (tag) {
    case "PollAgain":
      return { _tag: tag, requestId: recorded.requestId, nativeId }
    case "TakeOver":
      return { _tag: tag, requestId: answered.requestId, nativeId }
    case "Finish":
      return { _tag: tag, nativeId: answered.nativeId, properties: { Size: 1 } }
    case "Send":
    case "Wait":
    case "AskHuman":
      return { _tag: tag }
  }
}

describe("the decision on an operation whose end is not known", () => {
  it("has exactly one rule for each combination of what it depends on", () => {
    assert.lengthOf(cases, 3 * 2 * 2 * 2 * 6 * 4)
    const wrong = cases.filter((one) => rules.filter((rule) => fits(one, rule)).length !== 1)
    assert.deepEqual(wrong, [])
  })

  it.each(rules.map((rule) => [rule.is, JSON.stringify(rule.when), rule] as const))("is %s when %s", (_, __, rule) => {
    const covered = cases.filter((one) => fits(one, rule))
    assert.isNotEmpty(covered)
    for (const one of covered) {
      const decision = decide(factsOf(one), answers[one.answer], one.idempotency)
      assert.deepEqual(decision, decisionOf(rule.is, one), JSON.stringify(one))
    }
  })

  it("prefers the native id that the plugin answers to the recorded one", () => {
    assert.deepEqual(
      decide(
        { kind: "Create", maybeSent: true, requestId: null, nativeId: recorded.nativeId },
        { status: "InProgress", ...answered },
        "tag",
      ),
      { _tag: "TakeOver", ...answered },
    )
  })
})

describe("a plugin", () => {
  it("is worth asking only about a create that may have been sent, has no request id, and can be recovered", () => {
    const asked = cases.flatMap((one) =>
      either
        .filter((recoverable) => isWorthAsking(factsOf(one), { recoverable }))
        .map((recoverable) => [one, recoverable]),
    )
    const expected = cases
      .filter(({ kind, maybeSent, requestId }) => kind === "Create" && maybeSent && !requestId)
      .map((one) => [one, true])
    assert.deepEqual(asked, expected)
  })
})
