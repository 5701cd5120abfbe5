/** Whether an Interrupt stops its own call, and leaves the others alone. Needs a create that takes long. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { describeAnswer, expectRefusal } from "../../peer/Answer.ts"
import { progressOf } from "../../peer/RawOperation.ts"
import { interruptOf, type RawCall, type RawPeer } from "../../peer/RawPeer.ts"
import { isFinished } from "../../../../protocol/Progress.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const interruptDescriptions = {
  "frames.interruptOwn": {
    section: sections.frames,
    title: "has forgotten an operation that was interrupted",
    remedy: "On Interrupt, end the work of that operation, and take the next one with its id as a new one.",
  },
  "frames.interruptOthers": {
    section: sections.frames,
    title: "goes on with the other creates when one is interrupted",
    remedy: "On Interrupt, stop only the call whose id it names.",
  },
  "calls.sameOperation": {
    section: sections.calls,
    title: "refuses an operation that is already under way",
    remedy: "Fail an operation that is sent again while it is being answered with ProtocolError.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const interruptChecks = Effect.fnUntraced(function* (
  record: Recorder,
  shared: SharedPeer,
): Effect.fn.Return<void> {
  yield* record.plugin("frames.interruptOwn", interruptOwn(shared))
  yield* record.plugin("frames.interruptOthers", interruptOthers(shared))
  yield* record.plugin("calls.sameOperation", sameOperation(shared))
})

const noSlow = skip("no sample has a create that takes long")

/** A create that is under way, by the call that has no answer yet: its own, or the Watch of what the provider has accepted. */
const underWay = Effect.fnUntraced(function* (shared: SharedPeer, peer: RawPeer, payload: Properties) {
  const create = peer.call("Create", payload)
  yield* peer.write(create.frame)
  yield* expectAlive(shared, peer)
  if (!create.isAnswered()) return create
  yield* Effect.flatMap(create.answer, shared.keep)
  const watch = peer.call("Watch", { operationId: payload["operationId"] ?? "" })
  yield* peer.write(watch.frame)
  return watch
})

/** Interrupts the call, and the Watch if the call was answered before that. */
const cancel = Effect.fnUntraced(function* (
  { keep }: SharedPeer,
  peer: RawPeer,
  payload: Properties,
  { answer, id }: RawCall,
) {
  yield* peer.write(interruptOf(id))
  const first = yield* answer
  yield* keep(first)
  if (first._tag !== "Value" || first.value === null || isFinished(yield* progressOf("Create", first))) return
  const watch = peer.call("Watch", { operationId: payload["operationId"] ?? "" })
  yield* peer.write(watch.frame + interruptOf(watch.id))
  yield* watch.answer
})

const interruptOwn = Effect.fnUntraced(function* (shared: SharedPeer) {
  if (shared.slow === undefined) return yield* noSlow
  const peer = yield* shared.peer
  const payload = shared.slow()
  yield* cancel(shared, peer, payload, yield* underWay(shared, peer, payload))
  yield* Effect.mapError(
    Effect.flatMap(peer.ask("Watch", { operationId: payload["operationId"] ?? "" }), (answer) =>
      expectRefusal("ProtocolError", answer),
    ),
    ({ seen }) => mismatch("ProtocolError from Watch of an operation that was interrupted", seen),
  )
  const again = peer.call("Create", payload)
  yield* peer.write(again.frame)
  yield* expectAlive(shared, peer)
  const isAnswered = again.isAnswered()
  if (!isAnswered) yield* peer.write(interruptOf(again.id))
  const answer = yield* again.answer
  yield* shared.keep(answer)
  if (isAnswered && answer._tag === "Error") {
    return yield* mismatch("a new beginning of the operation that was interrupted", describeAnswer(answer))
  }
})

const interruptOthers = Effect.fnUntraced(function* (shared: SharedPeer) {
  if (shared.slow === undefined) return yield* noSlow
  const peer = yield* shared.peer
  const stopped = yield* underWay(shared, peer, shared.slow())
  const other = yield* underWay(shared, peer, shared.slow())
  yield* peer.write(interruptOf(stopped.id))
  yield* stopped.answer
  yield* expectAlive(shared, peer)
  const isAnswered = other.isAnswered()
  if (!isAnswered) yield* peer.write(interruptOf(other.id))
  const answer = yield* other.answer
  if (isAnswered && answer._tag !== "Value") {
    return yield* mismatch("a create that goes on when another one is interrupted", describeAnswer(answer))
  }
})

const sameOperation = Effect.fnUntraced(function* (shared: SharedPeer) {
  if (shared.slow === undefined) return yield* noSlow
  const peer = yield* shared.peer
  const payload = shared.slow()
  const [first, again] = [peer.call("Create", payload), peer.call("Create", payload)]
  yield* peer.write(first.frame + again.frame)
  const answer = yield* Effect.raceFirst(again.answer, first.answer)
  yield* shared.keep(answer)
  const open = [first, again].filter((one) => !one.isAnswered())
  yield* peer.write(open.map(({ id }) => interruptOf(id)).join(""))
  const isRefused = answer._tag === "Error" && Predicate.isTagged(answer.error, "ProtocolError")
  // What the provider has accepted meanwhile waits for its Watch, and is one operation.
  if (!isRefused && answer._tag !== "Value") {
    return yield* mismatch("ProtocolError from the same operation, sent again", describeAnswer(answer))
  }
})
