/** Calls that need no resource: some that a plugin must answer, some that it does not know, some that it cannot read. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import { describeAnswer, expectRefusal } from "../../peer/Answer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const callDescriptions = {
  "handshake.second": {
    section: sections.handshake,
    title: "refuses a second handshake",
    remedy: "Answer a handshake after the first successful one with HandshakeRefused.",
  },
  "calls.unknownCall": {
    section: sections.frames,
    title: "reports an unknown call as unknown",
    remedy: "Answer a tag that you do not know with a Die whose text is `Unknown request tag: TAG`.",
  },
  "calls.unknownType": {
    section: sections.calls,
    title: "reports an unknown resource type as not supported",
    remedy: "Fail the call with OperationNotSupported and a message that names the type.",
  },
  "calls.badPayload": {
    section: sections.frames,
    title: "answers a payload that it cannot read, and keeps serving",
    remedy: "Answer it with a Die, a ProtocolError or Failed, and take the next call as if nothing had happened.",
  },
  "calls.watchUnknown": {
    section: sections.calls,
    title: "fails a Watch of an operation that it does not know",
    remedy: "Fail Watch with ProtocolError if no operation with that id is under way.",
  },
  "calls.configure": {
    section: sections.calls,
    title: "takes new settings",
    remedy: "Answer Configure with null, and use the settings from the next operation on.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const callChecks = Effect.fnUntraced(function* (
  record: Recorder,
  shared: SharedPeer,
): Effect.fn.Return<void, never, Scope.Scope> {
  yield* record.plugin("handshake.second", secondHandshake(shared))
  yield* record.plugin("calls.configure", configure(shared))
  yield* record.plugin("calls.unknownCall", unknownCall(shared))
  yield* record.plugin("calls.unknownType", unknownType(shared))
  yield* record.plugin("calls.badPayload", badPayload(shared))
  yield* record.plugin("calls.watchUnknown", watchUnknown(shared))
})

const secondHandshake = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  yield* expectRefusal("HandshakeRefused", yield* peer.ask("Handshake", shared.plugin.handshake()))
  yield* expectAlive(shared, peer)
})

const configure = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const answer = yield* peer.ask("Configure", shared.plugin.handshake()["settings"])
  if (answer._tag !== "Value" || answer.value !== null) {
    return yield* mismatch("a Success with null", describeAnswer(answer))
  }
})

const unknownCall = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const answer = yield* peer.ask("FormaeNoSuchCall", {})
  if (answer._tag !== "Died" || !answer.defect.includes("Unknown request tag: FormaeNoSuchCall")) {
    return yield* mismatch("a Die with `Unknown request tag: FormaeNoSuchCall`", describeAnswer(answer))
  }
  yield* expectAlive(shared, peer)
})

const unknownType = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  const resourceType = `${shared.plugin.entry.manifest.namespace}::Formae::NoSuchType`
  yield* expectRefusal("OperationNotSupported", yield* peer.ask("Read", { ...shared.read(), resourceType }))
  yield* expectAlive(shared, peer)
})

const badPayload = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  for (const payload of [{ ...shared.read(), nativeId: 7 }, { nativeId: "alone" }, null]) {
    const answer = yield* peer.ask("Read", payload)
    // A plugin may make use of what it can read: then there is nothing with that native id.
    if (answer._tag === "Died" || (answer._tag === "Value" && isFailed(answer.value))) continue
    yield* expectRefusal("ProtocolError", answer)
  }
  yield* expectAlive(shared, peer)
})

const isFailed = (value: unknown): boolean => Predicate.hasProperty(value, "status") && value.status === "Failed"

const watchUnknown = Effect.fnUntraced(function* (shared: SharedPeer) {
  const peer = yield* shared.peer
  yield* expectRefusal("ProtocolError", yield* peer.ask("Watch", { operationId: shared.nextOperationId() }))
})
