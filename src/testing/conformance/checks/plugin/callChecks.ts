/** Frames and calls that need no resource, on one process after its handshake. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import type { Properties } from "../../../../protocol/Resource.ts"
import { expectExit } from "./endChecks.ts"
import { peerAfterHandshake } from "../../peer/greet.ts"
import { type Finding, mismatch } from "../../report/Finding.ts"
import type { PluginUnderTest } from "../../peer/PluginUnderTest.ts"
import { describeAnswer, expectAnswer, expectRefusal } from "../../peer/Answer.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { ProbeCalls } from "./ProbeCalls.ts"

const inFlight = 64

/** The process that is asked, or another one where a check has brought it down. */
const onGreeted = (plugin: PluginUnderTest) => {
  let current: RawPeer | undefined
  return Effect.suspend((): Effect.Effect<RawPeer, Finding, Scope.Scope> => {
    if (current !== undefined && !current.isGone()) return Effect.succeed(current)
    return Effect.map(peerAfterHandshake(plugin), (peer) => (current = peer))
  })
}

export const callChecks = Effect.fnUntraced(function* (
  plugin: PluginUnderTest,
  record: Recorder,
  { read, slow }: ProbeCalls,
): Effect.fn.Return<void, never, Scope.Scope> {
  const process = onGreeted(plugin)
  let count = 0
  const operationId = () => `${plugin.cookie}-${++count}`
  const someRead = (): Properties => read(operationId())

  /** That the process still answers as it should, after what it was asked before. */
  const stillAnswers = (peer: RawPeer) => Effect.flatMap(peer.ask("Read", someRead()), expectAnswer)

  yield* record.plugin(
    "handshake.second",
    Effect.gen(function* () {
      const peer = yield* process
      yield* expectRefusal("HandshakeRefused", yield* peer.ask("Handshake", plugin.handshake()))
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "frames.junk",
    Effect.gen(function* () {
      const peer = yield* process
      const lines = ["", "no frame", "42", "null", "[]", "{", `{"level":"info"}`, `{"_tag":"Nonsense"}`, `{"_tag":7}`]
      yield* peer.write(`${lines.join("\n")}\n\r\n`)
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "frames.unknownFields",
    Effect.gen(function* () {
      const peer = yield* process
      const unknown = { formaeUnknownField: { any: ["thing"] } }
      const usual = yield* peer.ask("Read", someRead())
      const answer = yield* peer.ask("Read", { ...someRead(), ...unknown }, { ...unknown, traceId: "t", spanId: "s" })
      if (usual._tag !== answer._tag) return yield* mismatch(describeAnswer(usual), describeAnswer(answer))
    }),
  )
  yield* record.plugin(
    "calls.configure",
    Effect.gen(function* () {
      const peer = yield* process
      const answer = yield* peer.ask("Configure", plugin.handshake()["settings"])
      if (answer._tag !== "Value" || answer.value !== null) {
        return yield* mismatch("a Success with null", describeAnswer(answer))
      }
    }),
  )
  yield* record.plugin(
    "calls.unknownCall",
    Effect.gen(function* () {
      const peer = yield* process
      const answer = yield* peer.ask("FormaeNoSuchCall", {})
      if (answer._tag !== "Died" || !answer.defect.includes("Unknown request tag: FormaeNoSuchCall")) {
        return yield* mismatch("a Die with `Unknown request tag: FormaeNoSuchCall`", describeAnswer(answer))
      }
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "calls.unknownType",
    Effect.gen(function* () {
      const peer = yield* process
      const resourceType = `${plugin.entry.manifest.namespace}::Formae::NoSuchType`
      yield* expectRefusal("OperationNotSupported", yield* peer.ask("Read", { ...someRead(), resourceType }))
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "calls.badPayload",
    Effect.gen(function* () {
      const peer = yield* process
      for (const payload of [{ ...someRead(), nativeId: 7 }, { nativeId: "alone" }, null]) {
        const answer = yield* peer.ask("Read", payload)
        // A plugin may read what it can of it: then there is nothing of that native id.
        if (answer._tag === "Died" || (answer._tag === "Value" && isFailed(answer.value))) continue
        yield* expectRefusal("ProtocolError", answer)
      }
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "calls.watchUnknown",
    Effect.gen(function* () {
      const peer = yield* process
      yield* expectRefusal("ProtocolError", yield* peer.ask("Watch", { operationId: operationId() }))
    }),
  )
  yield* record.plugin(
    "frames.concurrent",
    Effect.gen(function* () {
      const peer = yield* process
      const calls = Array.from({ length: inFlight }, () => peer.call("Read", someRead()))
      yield* peer.write(calls.map(({ frame }) => frame).join(""))
      yield* Effect.forEach(calls, ({ answer }) => Effect.flatMap(answer, expectAnswer), { concurrency: inFlight })
    }),
  )
  yield* record.plugin(
    "frames.ping",
    Effect.gen(function* () {
      const peer = yield* process
      const calls = slow
        ? [peer.call("Create", slow(operationId()))]
        : Array.from({ length: inFlight - 1 }, () => peer.call("Read", someRead()))
      yield* peer.write(`${calls.map(({ frame }) => frame).join("")}{"_tag":"Ping"}\n`)
      yield* peer.pong
      yield* slow
        ? peer.write(calls.map(({ id }) => `{"_tag":"Interrupt","requestId":${id}}\n`).join(""))
        : Effect.forEach(calls, ({ answer }) => answer, { concurrency: inFlight })
    }),
  )
  yield* record.plugin(
    "frames.interrupt",
    Effect.gen(function* () {
      const peer = yield* process
      const others = Array.from({ length: 8 }, () => peer.call("Read", someRead()))
      const stopped = slow ? peer.call("Create", slow(operationId())) : peer.call("Read", someRead())
      const interrupt = `{"_tag":"Interrupt","requestId":${stopped.id}}\n`
      yield* peer.write([stopped, ...others].map(({ frame }) => frame).join("") + interrupt)
      const answer = yield* stopped.answer
      // Where nothing lasts, the answer may have been on its way already.
      if (slow !== undefined && answer._tag !== "Interrupted") {
        return yield* mismatch("an Exit whose cause is Interrupt", describeAnswer(answer))
      }
      yield* Effect.forEach(others, (other) => Effect.flatMap(other.answer, expectAnswer), { concurrency: inFlight })
      yield* stillAnswers(peer)
    }),
  )
  yield* record.plugin(
    "frames.eof",
    Effect.gen(function* () {
      const peer = yield* process
      const { answer, frame } = peer.call("Read", someRead())
      yield* peer.write(`${frame}{"_tag":"Eof"}\n`)
      yield* Effect.flatMap(answer, expectAnswer)
      yield* stillAnswers(peer)
    }),
  )
  // The last, for the process goes with it.
  yield* record.plugin(
    "process.endOfInput",
    Effect.flatMap(process, (peer) => expectExit(plugin, peer)),
  )
})

const isFailed = (value: unknown): boolean => Predicate.hasProperty(value, "status") && value.status === "Failed"
