/** A call that certainly fails does not prove that the one before it has made nothing. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Work } from "../../../src/agent/operations/Work.ts"
import { OperationNotSupported } from "../../../src/protocol/OperatorError.ts"
import {
  breaks,
  capabilities,
  dies,
  entryOf,
  fails,
  nativeId,
  reports,
  requestId,
  runScript,
  type Script,
  workOf,
} from "./scripted.ts"

const failScript = Effect.fnUntraced(function* (script: Script, work?: Work) {
  const { entry, result } = yield* runScript(script, work)
  return { entry, failure: yield* Effect.flip(Effect.fromResult(result)) }
})

const certain = ["AccessDenied", "InvalidCredentials", "Throttling", "ServiceLimitExceeded"] as const

describe("P3: a create whose plugin was lost, and which is refused when it is sent again", () => {
  it.effect.each(certain)("stays open, under its operation id (%s)", (code) =>
    Effect.gen(function* () {
      const { entry, failure } = yield* failScript({ performs: [dies, fails(code)] })
      assert.deepInclude(entry, { status: "InProgress", closed: false, sent: 2 })
      assert.strictEqual(failure._tag === "ChangeFailed" && failure.code, code)
      assert.match(failure.message, /The next command will check again .*look for it at the provider$/)
      assert.deepInclude(failure, {
        openOperation: { operationId: entry?.operationId, kind: "Create", forma: "shop", label: "a" },
      })
    }),
  )

  it.effect("has certainly failed if the plugin knows that nothing was made", () =>
    Effect.gen(function* () {
      const asked = capabilities({ idempotency: "tag", recoverable: true })
      const notStarted = Effect.succeed({ status: "NotStarted" } as const)
      const script: Script = { performs: [dies, fails("AccessDenied")], recovers: [notStarted] }
      const { entry } = yield* failScript(script, workOf({ capabilities: asked }))
      assert.deepInclude(entry, { status: "Failed", closed: true })
    }),
  )

  it.effect("stays open if the plugin no longer supports it", () =>
    Effect.gen(function* () {
      const unknown = new OperationNotSupported({ operation: "Create", message: "no such type" })
      const { entry } = yield* failScript({ performs: [dies, breaks(unknown)] })
      assert.deepInclude(entry, { status: "InProgress", closed: false })
    }),
  )
})

describe("P3: a create whose first call was in doubt, in one launch", () => {
  it.effect("stays open when the call after it is refused", () =>
    Effect.gen(function* () {
      const doubtful = { failure: { code: "NetworkFailure", message: "reset" } } as const
      const { entry } = yield* failScript({ performs: [reports(doubtful, fails("AccessDenied"))] })
      assert.deepInclude(entry, { status: "InProgress", closed: false })
    }),
  )

  it.effect("has failed if the call before it was refused too", () =>
    Effect.gen(function* () {
      const refused = { failure: { code: "Throttling", message: "slow down" } } as const
      const { entry } = yield* failScript({ performs: [reports(refused, fails("AccessDenied"))] })
      assert.deepInclude(entry, { status: "Failed", closed: true })
    }),
  )
})

describe("P3: accepted work whose status cannot be asked for", () => {
  it.effect.each(["AccessDenied", "Throttling", "NotFound"] as const)("is still under way (%s)", (code) =>
    Effect.gen(function* () {
      for (const kind of ["Create", "Delete"] as const) {
        const entry = entryOf(kind === "Create" ? {} : { kind, nativeId })
        const left = yield* failScript({ performs: [reports({ requestId }, fails(code))] }, workOf({ entry }))
        assert.deepInclude(left.entry, { status: "InProgress", closed: false, requestId })
      }
    }),
  )
})

describe("P11: a secret that a plugin quotes", () => {
  it.effect("does not appear in any message, crash or row of the journal", () =>
    Effect.gen(function* () {
      const canary = 'hunter2 "quoted"'
      const quoting = (text: string) => Effect.fail(new OperationNotSupported({ operation: "Create", message: text }))
      const observed: Array<string> = []
      const work = workOf({
        secrets: [canary],
        observe: ({ failure }) => Effect.sync(() => void observed.push(failure?.message ?? "")),
      })
      const quotes = `Unexpected token in ${JSON.stringify(canary)} and in ${canary}`
      const { entry, failure } = yield* failScript(
        {
          performs: [reports({ failure: { code: "Throttling", message: quotes } }, () => quoting(quotes))],
        },
        work,
      )
      assert.deepEqual(observed, ['Unexpected token in "<redacted>" and in <redacted>'])
      assert.notInclude(JSON.stringify([entry, failure, observed]), "hunter2")
    }),
  )
})
