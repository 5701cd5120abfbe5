/** P17: an agent whose lease has ended sends nothing to its plugins, and its plugins hear for how long they may act. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import { GuardProcess } from "../../../src/agent/launch/GuardProcess.ts"
import { inCurrentTerm, Lease, makeLease } from "../../../src/agent/launch/Lease.ts"
import { defaultSupervisionSettings } from "../../../src/agent/supervision/SupervisionSettings.ts"
import { create, read } from "../../operator/operations.ts"
import { makeLateClock } from "../../transport/lateClock.ts"
import { handshakeOf, handWritten, success } from "./handWritten.ts"
import { elapse, makeSupervised, type SupervisedOptions, untilIdle } from "./supervised.ts"

type Answer = (request: RequestEncoded) => unknown

const done = { status: "Succeeded", attempts: 1, nativeId: "n", properties: {} }
const refused = (request: RequestEncoded, begun: boolean) =>
  JSON.stringify({
    _tag: "Exit",
    requestId: request.id,
    exit: { _tag: "Failure", cause: [{ _tag: "Fail", error: { _tag: "LeaseEnded", message: "over", begun } }] },
  })

const oneInFlight = {
  ...defaultSupervisionSettings,
  limits: { ...defaultSupervisionSettings.limits, callsInFlight: 1 },
}

interface Recorded extends SupervisedOptions {
  readonly features?: ReadonlyArray<string>
  /** Whether the agent has a lease. */
  readonly leased?: boolean
  /** What a create is answered with: nothing, or a whole line where it is text. */
  readonly answer?: Answer
}

/** A guard, and what it was told. */
const makeGuard = () => {
  const told: Array<string> = []
  let answersAfter: Duration.Input = 0
  let number = 0
  const guard = Layer.succeed(
    GuardProcess,
    GuardProcess.of({
      guard: () => Effect.void,
      release: () => Effect.void,
      confirmed: Effect.suspend(() => Effect.sleep(answersAfter)),
      arm: (_, pid, millis) =>
        Effect.sync(() => {
          told.push(`arm ${(number += 1)} of ${pid} in ${millis}`)
          return number
        }),
      disarm: (which) => Effect.sync(() => void told.push(`disarm ${which}`)),
    }),
  )
  return { guard, told, answersAfter: (duration: Duration.Input) => void (answersAfter = duration) }
}

/** A plugin with the feature, and what it was sent. */
const makeRecorded = Effect.fnUntraced(function* ({
  answer = () => done,
  features = ["lease"],
  leased = true,
  ...options
}: Recorded = {}) {
  const frames: Array<string> = []
  const held: Array<(value: unknown) => Effect.Effect<unknown>> = []
  const leases: Array<unknown> = []
  const program = handWritten(
    (request, process) => {
      const { leaseTerm } = request.payload as { readonly leaseTerm?: number }
      frames.push(leaseTerm === undefined ? request.tag : `${request.tag} ${leaseTerm}`)
      switch (request.tag) {
        case "Handshake":
          return [handshakeOf(request, process, { features })]
        case "Lease":
          leases.push(request.payload)
          return [success(request, null)]
        default: {
          const answered = answer(request)
          if (answered === undefined) {
            held.push((value) => process.print(`${success(request, value)}\n`))
            return []
          }
          return [typeof answered === "string" ? answered : success(request, answered)]
        }
      }
    },
    ({ _tag }) => void (_tag === "Interrupt" && frames.push(_tag)),
  )
  const { lease, renewBy } = yield* makeLease
  const renew = Effect.andThen(renewBy("10 seconds", Effect.void), untilIdle)
  yield* renew
  const supervised = yield* makeSupervised({ programOf: () => program, ...options }).pipe(
    leased ? Effect.provideService(Lease, lease) : (made) => made,
  )
  const begin = <A, E>(effect: Effect.Effect<A, E>) => Effect.forkChild(effect, { startImmediately: true })
  return {
    ...supervised,
    /** Answers what has no answer yet. */
    answerHeld: (value: unknown) => Effect.forEach(held.splice(0), (answerOne) => answerOne(value)),
    begin,
    frames,
    lease,
    leases,
    renew,
  }
})

describe("the plugin of an agent with a lease", () => {
  it.effect(
    "is told what is left of it before its first operation and at each renewal, counted from its last answer",
    () =>
      Effect.gen(function* () {
        const { frames, leases, perform, renew } = yield* makeRecorded()
        yield* elapse("2 seconds")
        yield* perform(create("Now", {}))
        yield* perform(read("Now", "n"))
        assert.deepEqual(frames, ["Handshake", "Lease", "Create 1", "Read"])
        assert.deepEqual(leases, [{ term: 1, remainingMillis: 8_000 }])
        yield* elapse("3 seconds")
        yield* renew
        assert.deepEqual(leases.slice(1), [{ term: 1, remainingMillis: 13_000 }])
        yield* elapse("11 seconds")
        yield* renew
        assert.deepEqual(leases.slice(2), [{ term: 2, remainingMillis: 21_000 }])
      }),
  )

  it.effect("is sent what it always was where the agent has none, or it does not know the feature", () =>
    Effect.gen(function* () {
      const { guard } = makeGuard()
      for (const options of [{ leased: false }, { features: [], guard }]) {
        const { frames, perform } = yield* makeRecorded(options)
        yield* perform(create("Now", {}))
        assert.deepEqual(frames, ["Handshake", "Create"])
      }
    }),
  )

  it.effect(
    "gets nothing more when it has ended: what is under way is interrupted, and nothing of its term is sent later",
    () =>
      Effect.gen(function* () {
        let answers: Answer = () => undefined
        const { begin, frames, lease, perform, renew } = yield* makeRecorded({ answer: (request) => answers(request) })
        const under = <A, E>(effect: Effect.Effect<A, E>) => Effect.provideService(effect, Lease, lease)
        const create1 = perform(create("Now", {}))
        const hanging = yield* begin(Effect.flip(create1))
        const later = yield* begin(Effect.flip(under(inCurrentTerm(Effect.delay(create1, "15 seconds")))))
        yield* elapse("10 seconds")
        assert.deepInclude(yield* Fiber.join(hanging), { _tag: "LeaseEnded", begun: true })
        assert.deepEqual(frames, ["Handshake", "Lease", "Create 1", "Interrupt"])
        assert.deepInclude(yield* Effect.flip(create1), { _tag: "LeaseEnded", begun: false })
        answers = () => done
        yield* renew
        yield* elapse("5 seconds")
        assert.deepInclude(yield* Fiber.join(later), { _tag: "LeaseEnded", begun: false })
        assert.deepEqual(frames.slice(4), ["Lease"])
        yield* create1
        assert.deepEqual(frames.slice(5), ["Create 2"])
      }),
  )

  it.effect("gets nothing that has waited for its turn while the agent was stopped", () =>
    Effect.gen(function* () {
      const { clock, stopEachTimeFor } = yield* makeLateClock
      yield* Effect.gen(function* () {
        const { answerHeld, begin, frames, perform } = yield* makeRecorded({
          settings: oneInFlight,
          answer: () => undefined,
        })
        yield* begin(perform(read("Now", "n")))
        yield* untilIdle
        stopEachTimeFor("1 hour")
        const waiting = yield* begin(Effect.flip(perform(create("Now", {}))))
        yield* elapse("10 seconds")
        // The answer that has come meanwhile is read before the timers come.
        yield* answerHeld(done)
        assert.deepInclude(yield* Fiber.join(waiting), { _tag: "LeaseEnded", begun: false })
        assert.deepEqual(frames, ["Handshake", "Lease", "Read"])
      }).pipe(Effect.provideService(Clock.Clock, clock))
    }),
  )

  it.effect("gets what it has refused once more when it was told of the renewal", () =>
    Effect.gen(function* () {
      let creates = 0
      const { begin, frames, perform, renew } = yield* makeRecorded({
        answer: (request) => (creates++ === 0 ? refused(request, false) : done),
      })
      const created = yield* begin(perform(create("Now", {})))
      yield* elapse("3 seconds")
      assert.deepEqual(frames, ["Handshake", "Lease", "Create 1"])
      yield* renew
      assert.deepInclude(yield* Fiber.join(created), { status: "Succeeded" })
      assert.deepEqual(frames.slice(3), ["Lease", "Create 1"])
    }),
  )

  it.effect("may have stopped by itself while the lease of the agent goes on, which its caller hears", () =>
    Effect.gen(function* () {
      const { begin, perform, renew } = yield* makeRecorded({ answer: (request) => refused(request, true) })
      const created = yield* begin(Effect.flip(perform(create("Now", {}))))
      yield* elapse("3 seconds")
      assert.isUndefined(created.pollUnsafe())
      yield* renew
      assert.deepInclude(yield* Fiber.join(created), { _tag: "LeaseEnded", begun: true, isRenewed: true })
    }),
  )

  it.effect(
    "without the feature is ended by the guard, which is told of each renewal before the last one is taken back",
    () =>
      Effect.gen(function* () {
        const guarded = makeGuard()
        const { frames, perform, renew } = yield* makeRecorded({ features: [], guard: guarded.guard })
        yield* perform(create("Now", {}))
        assert.deepEqual(guarded.told, ["arm 1 of 1001 in 10000"])
        yield* elapse("3 seconds")
        yield* renew
        assert.deepEqual(guarded.told.splice(0), ["arm 1 of 1001 in 10000", "arm 2 of 1001 in 10000", "disarm 1"])
        // It reads what it is told too late: then it is told again, and what it was told before holds.
        guarded.answersAfter("600 millis")
        yield* elapse("1 second")
        yield* renew
        yield* elapse("600 millis")
        guarded.answersAfter(0)
        assert.deepEqual(guarded.told.splice(0), ["arm 3 of 1001 in 10000", "disarm 3"])
        yield* elapse("100 millis")
        assert.deepEqual(guarded.told.splice(0), ["arm 4 of 1001 in 9300", "disarm 2"])
        yield* elapse("10 seconds")
        assert.deepEqual(frames, ["Handshake", "Create"])
        assert.deepInclude(yield* Effect.flip(perform(create("Now", {}))), { _tag: "LeaseEnded", begun: false })
      }),
  )

  it.effect("without the feature is not started where nothing could end it", () =>
    Effect.gen(function* () {
      const { frames, perform } = yield* makeRecorded({ features: [] })
      const failed = yield* Effect.flip(perform(create("Now", {})))
      assert.strictEqual(failed._tag, "PluginStartFailed")
      assert.include(failed.message, 'does not know the feature "lease", and there is no guard here')
      assert.deepEqual(frames, ["Handshake"])
    }),
  )
})
