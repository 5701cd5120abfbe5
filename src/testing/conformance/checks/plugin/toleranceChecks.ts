/** What a plugin must ignore: lines that are not frames, and fields that it does not know. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { describeAnswer } from "../../peer/Answer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const toleranceDescriptions = {
  "frames.junk": {
    section: sections.frames,
    title: "ignores lines that are not frames, and frames that name no call",
    remedy:
      "Skip a line on stdin that is empty, is not a JSON object, or has no known `_tag`, and an Ack or Interrupt of a call that has ended.",
  },
  "frames.unknownFields": {
    section: sections.frames,
    title: "ignores fields that it does not know",
    remedy: "Read the fields that you know in a frame and in a payload, and ignore the others.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const toleranceChecks = Effect.fnUntraced(function* (
  record: Recorder,
  shared: SharedPeer,
): Effect.fn.Return<void, never, Scope.Scope> {
  yield* record.plugin("frames.junk", junk(shared))
  yield* record.plugin("frames.unknownFields", unknownFields(shared))
})

const junk = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const lines = ["", "no frame", "42", "null", "[]", "{", `{"level":"info"}`, `{"_tag":"Nonsense"}`, `{"_tag":7}`]
  // These come late, because the calls that they name have ended.
  const late = ["Interrupt", "Ack"].map((tag) => `{"_tag":"${tag}","requestId":"formae-no-such-call"}`)
  yield* peer.write(`${[...lines, ...late].join("\n")}\n\r\n`)
  yield* expectAlive(shared, peer)
})

const unknownFields = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const unknown = { formaeUnknownField: { any: ["thing"] } }
  const usual = yield* peer.ask("Read", shared.read())
  const answer = yield* peer.ask(
    "Read",
    { ...shared.read(), ...unknown },
    {
      more: { ...unknown, traceId: "t", spanId: "s" },
    },
  )
  if (usual._tag !== answer._tag) return yield* mismatch(describeAnswer(usual), describeAnswer(answer))
})
