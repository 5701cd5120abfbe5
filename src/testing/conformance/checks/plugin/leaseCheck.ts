/** What a plugin does when the time is over for which its agent may act, if it knows leases. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import type { Properties } from "../../../../protocol/Resource.ts"
import { type Answer, describeAnswer } from "../../peer/Answer.ts"
import type { RawPeer } from "../../peer/RawPeer.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { PluginCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import type { Recorder } from "../../report/Recorder.ts"
import { expectAlive, type SharedPeer } from "./SharedPeer.ts"

export const leaseDescriptions = {
  "calls.lease": {
    section: sections.calls,
    title: "does nothing more when its lease is over",
    remedy:
      "Count each Lease from when you have read the one before. After its end, and for another `leaseTerm`, fail Create, Update, Delete and Status with LeaseEnded, and end what is under way.",
  },
} as const satisfies Descriptions<PluginCheckId>

export const leaseCheck = (record: Recorder, shared: SharedPeer): Effect.Effect<unknown, never, Scope.Scope> =>
  record.plugin("calls.lease", endsWithItsLease(shared))

/** Longer than all checks together. */
const long = 24 * 3_600_000
/** In milliseconds: for a lease that a create is to outlive. */
const short = 200

const isUnknown = (answer: Answer): boolean =>
  answer._tag === "Died" && answer.defect.includes("Unknown request tag: Lease")

const isEnded = (answer: Answer): boolean => answer._tag === "Error" && Predicate.isTagged(answer.error, "LeaseEnded")

const endsWithItsLease = Effect.fnUntraced(function* (shared: SharedPeer): Effect.fn.Return<void, Finding> {
  const peer = yield* shared.peer
  const first = yield* peer.ask("Lease", { term: 1, remainingMillis: long })
  if (isUnknown(first)) return yield* skip("it does not know the call")
  if (first._tag !== "Value") return yield* mismatch("a Success of Lease", describeAnswer(first))
  const lease = (term: number, remainingMillis: number) => peer.ask("Lease", { term, remainingMillis })
  /** Deletes what does not exist. */
  const remove = (leaseTerm: number) => peer.ask("Delete", { ...shared.read(), leaseTerm })

  const held = yield* remove(1)
  if (isEnded(held)) return yield* mismatch("a Delete within the lease that is made", describeAnswer(held))
  yield* lease(1, 0)
  yield* expectNotBegun("after the end of the lease", yield* remove(1))
  yield* expectAlive(shared, peer)
  yield* Effect.sleep(Duration.millis(short))
  // It has begun with the lease before.
  yield* lease(2, short)
  yield* expectNotBegun("although the lease is counted from the one before", yield* remove(2))
  yield* lease(3, long)
  yield* expectNotBegun("with the leaseTerm of another term", yield* remove(2))
  if (shared.slow !== undefined) yield* endsCreate(shared, peer, shared.slow(), lease(3, short))
  // For the checks that follow.
  yield* lease(4, long)
})

const expectNotBegun = (when: string, answer: Answer): Effect.Effect<void, Finding> =>
  isEnded(answer) && answer._tag === "Error" && Predicate.hasProperty(answer.error, "begun") && !answer.error.begun
    ? Effect.void
    : Effect.fail(mismatch(`LeaseEnded with begun false, ${when}`, describeAnswer(answer)))

/** A create that is under way when the lease ends, or the Watch of its work. */
const endsCreate = Effect.fnUntraced(function* (
  shared: SharedPeer,
  peer: RawPeer,
  payload: Properties,
  lease: Effect.Effect<unknown, Finding>,
): Effect.fn.Return<void, Finding> {
  yield* lease
  const created = yield* peer.ask("Create", { ...payload, leaseTerm: 3 })
  yield* shared.keep(created)
  const ended =
    created._tag === "Value" ? yield* peer.ask("Watch", { operationId: payload["operationId"] ?? "" }) : created
  if (!isEnded(ended)) return yield* mismatch("LeaseEnded of what was under way", describeAnswer(ended))
})
