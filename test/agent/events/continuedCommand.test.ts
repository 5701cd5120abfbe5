import { assert, describe, it } from "@effect/vitest"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import { type ResourceResult, untouched } from "../../../src/agent/apply/ResourceResult.ts"
import { type CommandMemory, endsToTell, eventToTell } from "../../../src/agent/events/continuedCommand.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { entryOf } from "../operations/scripted.ts"

const command = { commandId: "c-1", forma: "shop" }

const resultOf = (more: Partial<ResourceResult>): ResourceResult => ({
  ...untouched,
  label: "web",
  type: "A::B::C",
  operation: "noop",
  status: "succeeded",
  nativeId: null,
  error: null,
  ...more,
})

const finished = (more: Partial<ResourceResult>): ChangeEvent => ({
  _tag: "Finished",
  ...command,
  result: resultOf(more),
})

const done = (kind: JournalEntry["kind"], more: Partial<JournalEntry> = {}): JournalEntry =>
  entryOf({ label: "web", kind, closed: true, status: "Succeeded", sent: 1, nativeId: NativeId.make("id-1"), ...more })

const failure = { code: "AccessDenied", message: "no" }

const memoryOf = (told: ReadonlyArray<readonly [string, string | null]>, ...entries: ReadonlyArray<JournalEntry>) =>
  ({ told: new Map(told), done: entries }) satisfies CommandMemory

/** What is told, in short. */
const said = (event: ChangeEvent | undefined) =>
  event?._tag === "Finished"
    ? `${event.result.label} ${event.result.operation} ${event.result.status} ${event.result.nativeId} ${event.result.error?.code ?? "-"}`
    : event?._tag

describe("the end of a change in the log of a command that is continued", () => {
  it.each<[string, CommandMemory, Partial<ResourceResult>, string | undefined]>([
    [
      "before anything was sent",
      memoryOf([]),
      { operation: "create", nativeId: "id-1" },
      "web create succeeded id-1 -",
    ],
    [
      "while the operation was open",
      memoryOf([], done("Create", { closed: false, status: "InProgress" })),
      { operation: "create", nativeId: "id-1" },
      "web create succeeded id-1 -",
    ],
    [
      "after the end was journaled, before it was logged",
      memoryOf([], done("Create")),
      { nativeId: "id-1" },
      "web create succeeded id-1 -",
    ],
    ["after it was logged", memoryOf([["web", null]], done("Create")), { nativeId: "id-1" }, undefined],
    [
      "after the second step of a replace",
      memoryOf([], done("Delete"), done("Create", { nativeId: NativeId.make("id-2") })),
      { nativeId: "id-2" },
      "web replace succeeded id-2 -",
    ],
    [
      "between the steps of a replace",
      memoryOf([], done("Delete")),
      { operation: "create", nativeId: "id-2" },
      "web create succeeded id-2 -",
    ],
    [
      "after an update was journaled",
      memoryOf([], done("Update")),
      { nativeId: "id-1" },
      "web update succeeded id-1 -",
    ],
    [
      "after a failure was journaled",
      memoryOf([], done("Create", { status: "Failed", failure, nativeId: null })),
      { operation: "create", status: "failed", error: failure },
      "web create failed null AccessDenied",
    ],
    [
      "after a failure was logged",
      memoryOf([["web", "AccessDenied"]], done("Create", { status: "Failed", failure })),
      { operation: "create", status: "failed", error: failure },
      undefined,
    ],
    ["for a resource that needed nothing", memoryOf([]), { nativeId: "id-1" }, "web noop succeeded id-1 -"],
    ["for one that needed nothing, and was told", memoryOf([["web", null]]), { nativeId: "id-1" }, undefined],
    [
      "where something was done after it was told",
      memoryOf([["web", null]], done("Create")),
      { operation: "update", nativeId: "id-1" },
      "web update succeeded id-1 -",
    ],
    [
      "where the same was done again after it was told, as by a resume",
      memoryOf([["web", null]], done("Update"), done("Update")),
      { operation: "update", nativeId: "id-1" },
      "web update succeeded id-1 -",
    ],
    [
      "where another failure follows",
      memoryOf([["web", "AccessDenied"]]),
      { operation: "create", status: "failed", error: { ...failure, code: "Throttling" } },
      "web create failed null Throttling",
    ],
  ])("cut off %s", (_, memory, result, expected) => {
    assert.strictEqual(said(eventToTell(finished(result), memory)), expected)
  })

  it("leaves all other events as they are", () => {
    const began: ChangeEvent = { _tag: "Began", ...command }
    assert.strictEqual(eventToTell(began, memoryOf([["web", null]])), began)
  })
})

describe("what is told at the end of a command that was continued", () => {
  it("is what was done and no plan names any more", () => {
    const memory = memoryOf(
      [["told", null]],
      done("Delete"),
      done("Delete", { label: "told" }),
      done("Create", { label: "open", closed: false, status: "InProgress" }),
      done("Create", { label: "left", status: "Canceled" }),
      done("Create", { label: "failed", status: "Failed", failure }),
    )
    assert.deepEqual(endsToTell(command, memory).map(said), [
      "web delete succeeded id-1 -",
      "failed create failed id-1 AccessDenied",
    ])
  })
})
