import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { JournalStatus } from "../../../src/agent/records/JournalEntry.ts"
import { OperationTimedOut, type OperatorError, ProtocolError } from "../../../src/protocol/OperatorError.ts"
import type { Recovery } from "../../../src/protocol/Recovery.ts"
import { Idempotency } from "../../../src/protocol/Resource.ts"
import {
  breaks,
  capabilities,
  entryOf,
  fails,
  nativeId,
  type Performance,
  reports,
  requestId,
  runScript,
  succeeds,
  workOf,
} from "./scripted.ts"

const recoverable = capabilities({ idempotency: "tag", recoverable: true })

const callErrors: ReadonlyArray<OperatorError> = [
  new ProtocolError({ message: "that is no answer" }),
  new OperationTimedOut({ message: "it took too long" }),
]
const doubts: ReadonlyArray<readonly [string, Performance]> = [
  ...callErrors.map((error) => [error._tag, breaks(error)] as const),
  ...(["ServiceInternalError", "ServiceTimeout", "NetworkFailure", "InternalFailure", "UnforeseenError"] as const).map(
    (code) => [code, fails(code)] as const,
  ),
]

describe.each(doubts)("a create whose result is in doubt (%s)", (code, performance) => {
  it.effect("is asked about if its type supports recovery, and ends as the plugin answers", () =>
    Effect.gen(function* () {
      const endings: ReadonlyArray<readonly [Recovery, JournalStatus]> = [
        [{ status: "Done", nativeId, properties: {} }, "Succeeded"],
        [{ status: "InProgress", requestId }, "Succeeded"],
        [{ status: "NotStarted" }, "Failed"],
        [{ status: "Unknown", message: "nobody answers" }, "InProgress"],
      ]
      for (const [answer, status] of endings) {
        const script = { performs: [performance, succeeds], recovers: [Effect.succeed(answer)] }
        const { entry, log } = yield* runScript(script, workOf({ capabilities: recoverable }))
        assert.deepInclude(entry, { status, closed: status !== "InProgress" }, answer.status)
        // It is never sent again, because it may have created the resource already.
        assert.deepEqual(
          log.filter((line) => line.startsWith("send Create")),
          ["send Create op-1"],
        )
      }
    }),
  )

  it.effect.each(Idempotency.literals)(
    "is left open if its type does not support recovery, to a human if it has no idempotency (%s)",
    (idempotency) =>
      Effect.gen(function* () {
        const { entry, result } = yield* runScript(
          { performs: [performance] },
          workOf({ capabilities: capabilities({ idempotency }) }),
        )
        const needsHuman = idempotency === "none"
        assert.deepInclude(entry, { status: needsHuman ? "NeedsAttention" : "InProgress", closed: false })
        assert.strictEqual(
          result._tag === "Failure" && result.failure._tag === "ChangeFailed" && result.failure.code,
          needsHuman ? "NeedsAttention" : code,
        )
      }),
  )

  it.effect.each(["Update", "Delete"] as const)("ends if it is an %s: the next plan sees what it has done", (kind) =>
    Effect.gen(function* () {
      const { entry } = yield* runScript({ performs: [performance] }, workOf({ entry: entryOf({ kind, nativeId }) }))
      assert.deepInclude(entry, { status: "Canceled", closed: true })
    }),
  )

  it.effect("is left open if the provider has accepted it, whatever its kind", () =>
    Effect.gen(function* () {
      for (const kind of ["Create", "Update", "Delete"] as const) {
        const entry = entryOf(kind === "Create" ? {} : { kind, nativeId })
        const left = yield* runScript({ performs: [reports({ requestId }, performance)] }, workOf({ entry }))
        assert.deepInclude(left.entry, { status: "InProgress", closed: false, requestId }, kind)
      }
    }),
  )
})
