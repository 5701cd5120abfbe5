/** What a plugin does while calls are in flight: more of them, a Ping, an Interrupt, an Eof. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { describeAnswer, expectAnswer } from "../../peer/Answer.ts"
import { interruptOf } from "../../peer/RawPeer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const inFlightDescriptions = {
  "frames.concurrent": {
    section: sections.frames,
    title: "answers 64 calls that are made at once",
    remedy: "Accept 64 calls at a time, and answer each with one Exit that has its request id.",
  },
  "frames.ping": {
    section: sections.frames,
    title: "answers Ping while calls are outstanding",
    remedy: "Answer Ping with Pong from the event loop; never block it, and never answer calls one after the other.",
  },
  "frames.interrupt": {
    section: sections.frames,
    title: "stops the call that is interrupted, and no other",
    remedy: "On Interrupt, stop that call and answer it with an Exit whose cause is Interrupt.",
  },
  "frames.eof": {
    section: sections.frames,
    title: "keeps serving after Eof",
    remedy: "Ignore Eof: only the end of stdin ends the plugin.",
  },
} as const satisfies Descriptions<PluginCheckId>

/** As many as an agent sends at once. */
const mostInFlight = 64

export const inFlightChecks = Effect.fnUntraced(function* (
  record: Recorder,
  shared: SharedPeer,
): Effect.fn.Return<void, never, Scope.Scope> {
  yield* record.plugin("frames.concurrent", concurrent(shared))
  yield* record.plugin("frames.ping", ping(shared))
  yield* record.plugin("frames.interrupt", interrupt(shared))
  // The last one: a plugin that takes Eof for the end answers nothing after it.
  yield* record.plugin("frames.eof", eof(shared))
})

const concurrent = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const calls = Array.from({ length: mostInFlight }, () => peer.call("Read", shared.read()))
  yield* peer.write(calls.map(({ frame }) => frame).join(""))
  yield* Effect.forEach(calls, ({ answer }) => Effect.flatMap(answer, expectAnswer), { concurrency: "unbounded" })
})

const ping = Effect.fnUntraced(function* ({ keep, peer: current, read, slow }: SharedPeer) {
  const peer = yield* current
  const calls = slow
    ? [peer.call("Create", slow())]
    : Array.from({ length: mostInFlight - 1 }, () => peer.call("Read", read()))
  yield* peer.write(`${calls.map(({ frame }) => frame).join("")}{"_tag":"Ping"}\n`)
  yield* peer.pong
  if (slow !== undefined) yield* peer.write(calls.map(({ id }) => interruptOf(id)).join(""))
  const awaited = calls.filter((call) => slow === undefined || call.isAnswered())
  yield* Effect.forEach(awaited, ({ answer }) => Effect.flatMap(answer, keep), { concurrency: "unbounded" })
})

const interrupt = Effect.fnUntraced(function* (shared: SharedPeer) {
  const { read, slow } = shared
  const peer = yield* shared.peer
  const others = Array.from({ length: 8 }, () => peer.call("Read", read()))
  const stopped = slow ? peer.call("Create", slow()) : peer.call("Read", read())
  yield* peer.write([stopped, ...others].map(({ frame }) => frame).join("") + interruptOf(stopped.id))
  const answer = yield* stopped.answer
  yield* shared.keep(answer)
  // If no call lasts, the answer may have been on its way already.
  if (shared.isSlowCall && answer._tag !== "Interrupted") {
    return yield* mismatch("an Exit whose cause is Interrupt", describeAnswer(answer))
  }
  yield* Effect.forEach(others, (other) => Effect.flatMap(other.answer, expectAnswer), { concurrency: "unbounded" })
  yield* expectAlive(shared, peer)
})

const eof = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const { answer, frame } = peer.call("Read", shared.read())
  yield* peer.write(`${frame}{"_tag":"Eof"}\n`)
  yield* Effect.flatMap(answer, expectAnswer)
  yield* expectAlive(shared, peer)
})
