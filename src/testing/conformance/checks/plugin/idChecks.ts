/** What names a call: its id keeps its JSON kind, and a request that has one is answered. */
import * as Effect from "effect/Effect"
import { describeAnswer, expectAnswer } from "../../peer/Answer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { show } from "../../report/show.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const idDescriptions = {
  "frames.ids": {
    section: sections.frames,
    title: "answers each call under its id, a number as a number and a text as a text",
    remedy: 'Copy the `id` of the request into `requestId` as it is: the answer to 7 has 7, and not "7".',
  },
  "frames.badRequest": {
    section: sections.frames,
    title: "answers a request whose tag it cannot read",
    remedy: "Answer a Request that has an `id` with a Die, whatever else is wrong with it.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const idChecks = Effect.fnUntraced(function* (record: Recorder, shared: SharedPeer): Effect.fn.Return<void> {
  yield* record.plugin("frames.ids", ids(shared))
  yield* record.plugin("frames.badRequest", badRequest(shared))
})

/** Of digits, because a text of digits is what is taken for a number. */
const textId = "700001"

const ids = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  yield* expectAlive(shared, peer)
  yield* Effect.flatMap(peer.ask("Read", shared.read(), { id: textId }), expectAnswer)
  const [other] = peer.otherKinds()
  if (other !== undefined) {
    return yield* mismatch("the id of each call in its own kind", `an answer to ${show(JSON.stringify(other))}`)
  }
})

const badRequest = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const { answer, frame } = peer.call("Read", shared.read(), { more: { tag: 7 } })
  yield* peer.write(frame)
  // It is answered in turn, so that nothing has to be waited for in vain.
  yield* expectAlive(shared, peer)
  const answered = yield* answer
  if (answered._tag !== "Died") return yield* mismatch("a Die", describeAnswer(answered))
})
