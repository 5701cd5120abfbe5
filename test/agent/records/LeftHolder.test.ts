import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { leave, makeState, refusal } from "./agentsOnState.ts"

describe("a row that a holder has left behind", () => {
  it.effect.each([
    ["its process is gone", { pid: 11, start: null, host: "here" }, { 12: null }],
    ["its process is running, under an id that was reused", { pid: 12, start: null, host: "here" }, { 12: null }],
    [
      "it was on another host, such as that of an earlier CI job",
      { pid: 11, start: null, host: "there" },
      { 12: null },
    ],
  ] as const)("means nothing where the lock of the file is free: %s", ([, left, running]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { ...left, kind: "lock" }))
      const heir = yield* state.withFile(12, running)
      assert.isFalse(yield* heir.isHeld)
      assert.deepInclude(yield* Effect.scoped(heir.hold), { epoch: 5, takenOver: true })
      assert.deepInclude(yield* Effect.scoped(heir.hold), { epoch: 6, takenOver: false })
    }),
  )

  it.effect.each([
    ["another process has its id now", { 11: "later", 12: "b" }, "earlier", true],
    ["it is running", { 11: "same", 12: "b" }, "same", false],
    ["the starts of processes are not known", { 11: null, 12: null }, "earlier", false],
    ["no start was written", { 11: "later", 12: "b" }, null, false],
    ["it is gone", { 12: "b" }, "earlier", true],
  ] as const)("is taken over where nothing is locked only if its process is gone: %s", ([, running, start, isGone]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start }))
      for (const kind of ["withFile", "withProcesses"] as const) {
        const heir = yield* state[kind](12, running)
        assert.strictEqual(yield* heir.isHeld, !isGone)
        if (isGone) continue
        assert.deepInclude(yield* refusal(heir), { _tag: "StateInUse", pid: 11 })
      }
      if (!isGone) return
      assert.deepInclude(yield* Effect.scoped((yield* state.withProcesses(12, running)).hold), { takenOver: true })
    }),
  )

  it.effect("is taken over from an earlier process that had the id of this one, as in a container", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 7, start: null }))
      yield* Effect.scoped((yield* state.withProcesses(7, { 7: null })).hold)
    }),
  )

  it.effect("is not taken over from process 1 of another container with the same host name, until it is unlocked", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 1, start: "boot 500 17" }))
      const heir = yield* state.withProcesses(1, { 1: "boot 900 18" })
      assert.isTrue(yield* heir.isHeld)
      assert.deepInclude(yield* refusal(heir), { _tag: "StateInUse", pid: 1, host: "here" })
      assert.deepInclude(yield* heir.unlock, { wasElsewhere: true })
      assert.isFalse(yield* heir.isHeld)
    }),
  )

  it.effect("is not taken over from another host where nothing is locked, because its processes cannot be seen", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start: null, host: "there" }))
      const error = yield* refusal(yield* state.withProcesses(12, { 12: null }))
      assert.include(error.message, "Another formae (pid 11 on there, since 1970-01-01T00:00:00.000Z)")
    }),
  )

  it.effect.each([
    ["a process of this host that is running", "here", false],
    ["another host, which would be refused for ever", "there", true],
  ] as const)("by a command of 0.1.0, which had no lock, is that of %s", ([, host, isFree]) =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { epoch: 0, kind: "process", pid: 11, start: null, host }))
      const heir = yield* state.withFile(12, { 11: null, 12: null })
      assert.strictEqual(yield* heir.isHeld, !isFree)
      assert.strictEqual(Exit.isSuccess(yield* Effect.exit(Effect.scoped(heir.hold))), isFree)
    }),
  )
})

describe("to unlock a state", () => {
  it.effect("removes a holder of another host, which can write nothing more", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      yield* state.sql((sql) => leave(sql, { kind: "process", pid: 11, start: null, host: "there" }))
      const here = yield* state.withFile(12, { 12: null })
      assert.deepInclude(yield* refusal(here), { pid: 11 })
      const done = yield* here.unlock
      assert.deepInclude(done.removed, { pid: 11, host: "there" })
      assert.isTrue(done.wasElsewhere)
      assert.include(done.lock, "state.db.lock")
      assert.deepInclude(yield* Effect.scoped(here.hold), { epoch: 6, takenOver: false })
    }),
  )

  it.effect("does nothing where nobody holds it", () =>
    Effect.gen(function* () {
      const state = yield* makeState
      assert.deepInclude(yield* (yield* state.withFile(12, { 12: null })).unlock, { removed: undefined })
    }),
  )

  it.effect.each(["withFile", "withProcesses"] as const)("is refused while a holder is seen (%s)", (kind) =>
    Effect.gen(function* () {
      const state = yield* makeState
      const both = { 11: null, 12: null }
      const one = yield* state[kind](11, both)
      yield* one.hold
      for (const other of [one, yield* state[kind](12, both), yield* state.withFile(12, both)]) {
        assert.deepInclude(yield* Effect.flip(other.unlock), { _tag: "StateInUse", pid: 11 })
      }
      yield* one.write(Effect.void)
    }),
  )
})
