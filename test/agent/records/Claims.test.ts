import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { type ClaimSet, overlaps } from "../../../src/agent/records/ClaimQueue.ts"
import type { ClaimedResources } from "../../../src/agent/records/Claimed.ts"
import { Claims } from "../../../src/agent/records/Claims.ts"
import { Holders } from "../../../src/agent/records/cluster/Holders.ts"
import { layerSharedClaims } from "../../../src/agent/records/cluster/layerSharedClaims.ts"
import { fuzzRuns } from "../../transport/fuzzedFrames.ts"
import { layerStoreOnce } from "./cluster/storeOnce.ts"

/** One agent, whose claims are in its memory, or rows of a state that it shares with others. */
const layers = {
  "of one agent": Layer.fresh(Claims.layer),
  "of agents that share a state": Layer.fresh(layerSharedClaims).pipe(
    Layer.provide(Layer.fresh(Holders.layer("agent-1@here"))),
    Layer.provide(layerStoreOnce),
    Layer.orDie,
  ),
}
/** Rows take longer: fewer cases of what is tried again and again. */
const everyOf = { "of one agent": 1, "of agents that share a state": 4 }
const both = ["of one agent", "of agents that share a state"] as const

const document = (name: string): Partial<ClaimSet> => ({ documents: [name] })
const resources = (...identities: ReadonlyArray<string>): ClaimedResources => ({ identities, names: [] })

/** Takes the fiber forward by a number of operations, so that an interruption can come at any of them. */
const burn = (operations: number) =>
  Effect.gen(function* () {
    for (let done = 0; done < operations; done++) yield* Effect.sync(() => done)
  })

/** Lets the others run until none of them has anything to do. */
const settle = Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow, { discard: true })

/** A command that claims, covers `planned`, and runs until `end` completes. Its name is in `log` once it runs. */
const runs = (
  log: Array<string>,
  name: string,
  set: Partial<ClaimSet>,
  end: Effect.Effect<void>,
  planned?: ClaimedResources,
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const claims = yield* Claims
      const { cover } = yield* claims.claim(set)
      const isOutdated = planned === undefined ? false : yield* cover(planned)
      log.push(isOutdated ? `${name}, outdated` : name)
      yield* end
    }),
  )

describe.each(both)("a claim %s", (kind) => {
  it.effect.each(["documents", "resources"] as const)(
    "is never lost by an interruption, whenever it comes (%s)",
    (what) =>
      Effect.gen(function* () {
        const set = what === "documents" ? document("a") : resources("x")
        // A fiber yields after 2,048 operations: the interruption arrives around there.
        for (let operations = 1_960; operations < 2_060; operations += everyOf[kind]) {
          yield* Effect.gen(function* () {
            const claims = yield* Claims
            const claiming = Effect.scoped(Effect.andThen(claims.claim(set), Effect.never))
            const fiber = yield* Effect.forkChild(Effect.andThen(burn(operations), claiming), {
              startImmediately: true,
            })
            yield* Fiber.interrupt(fiber)
            const next = yield* Effect.result(Effect.scoped(claims.claim(set, { whenInUse: "refuse" })))
            assert.strictEqual(next._tag, "Success", `interrupted after ${operations} operations`)
          }).pipe(Effect.provide(layers[kind], { local: true }))
        }
      }),
  )

  it.effect("is refused while another command of this agent has it, and free after it", () =>
    Effect.gen(function* () {
      const claims = yield* Claims
      const refuse = claims.claim(document("a"), { whenInUse: "refuse" })
      const error = yield* Effect.scoped(Effect.andThen(refuse, Effect.flip(Effect.scoped(refuse))))
      assert.strictEqual(
        error.message,
        "Another command of this agent (since 1970-01-01T00:00:00.000Z) is using this state; nothing was changed",
      )
      yield* Effect.scoped(refuse)
    }).pipe(Effect.provide(layers[kind])),
  )

  it.effect("lets commands on other documents and other resources run side by side", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      yield* Effect.forkChild(runs(log, "a", document("a"), Effect.never, resources("x")))
      yield* Effect.forkChild(runs(log, "b", document("b"), Effect.never, resources("y")))
      yield* settle
      assert.deepEqual(log, ["a", "b"])
      assert.deepEqual(yield* (yield* Claims).documents, new Set(["a", "b"]))
    }).pipe(Effect.provide(layers[kind])),
  )

  it.effect("of all documents waits for every command, and every later command waits for it", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const [first, all] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      yield* Effect.forkChild(runs(log, "a", document("a"), Deferred.await(first)))
      yield* settle
      yield* Effect.forkChild(runs(log, "all", { documents: "all" }, Deferred.await(all)))
      yield* settle
      yield* Effect.forkChild(runs(log, "b", document("b"), Effect.void))
      yield* settle
      assert.deepEqual(log, ["a"])
      yield* Deferred.succeed(first, undefined)
      yield* settle
      assert.deepEqual(log, ["a", "all"])
      assert.strictEqual(yield* (yield* Claims).documents, "all")
      yield* Deferred.succeed(all, undefined)
      yield* settle
      assert.deepEqual(log, ["a", "all", "b"])
    }).pipe(Effect.provide(layers[kind])),
  )

  it.effect("ends its wait when the command is asked to stop", () =>
    Effect.gen(function* () {
      const claims = yield* Claims
      yield* claims.claim(document("a"))
      const stop = yield* Deferred.make<void>()
      const waiting = yield* Effect.forkChild(
        Effect.result(Effect.scoped(claims.claim(document("a"), { stopWhen: Deferred.await(stop) }))),
      )
      yield* settle
      assert.isUndefined(waiting.pollUnsafe())
      yield* Deferred.succeed(stop, undefined)
      const result = yield* Fiber.join(waiting)
      assert.strictEqual(result._tag === "Failure" ? result.failure._tag : "", "StateInUse")
    }).pipe(Effect.provide(layers[kind])),
  )
})

describe.each(both)("the resources of a plan %s", (kind) => {
  it.effect("are waited for while another command has them, and the plan is outdated then", () =>
    Effect.gen(function* () {
      const log: Array<string> = []
      const first = yield* Deferred.make<void>()
      yield* Effect.forkChild(runs(log, "a", document("a"), Deferred.await(first), resources("x")))
      yield* settle
      yield* Effect.forkChild(runs(log, "b", document("b"), Effect.void, resources("x", "y")))
      yield* settle
      assert.deepEqual(log, ["a"])
      yield* Deferred.succeed(first, undefined)
      yield* settle
      assert.deepEqual(log, ["a", "b, outdated"])
    }).pipe(Effect.provide(layers[kind])),
  )

  it.effect("make a plan outdated if another command had them while it was made, even if nobody had to wait", () =>
    Effect.gen(function* () {
      const claims = yield* Claims
      const mine = yield* claims.claim(document("a"))
      yield* Effect.scoped(Effect.andThen(claims.claim({ documents: ["b"], identities: ["x"] }), Effect.void))
      assert.isTrue(yield* mine.cover(resources("x")))
      // The plan that was made after that is a fresh one.
      assert.isFalse(yield* mine.cover(resources("x")))
      assert.isFalse(yield* mine.cover(resources("x", "y")))
    }).pipe(Effect.provide(layers[kind])),
  )

  it.effect("are given back when others are claimed in their place", () =>
    Effect.gen(function* () {
      const claims = yield* Claims
      const mine = yield* claims.claim(document("a"))
      yield* mine.cover(resources("x"))
      yield* mine.cover(resources("y"))
      yield* claims.claim({ documents: ["b"], identities: ["x"] }, { whenInUse: "refuse" })
      const refused = yield* Effect.exit(
        Effect.scoped(claims.claim({ documents: ["c"], identities: ["y"] }, { whenInUse: "refuse" })),
      )
      assert.isTrue(Exit.isFailure(refused))
      // What was refused is not in the way.
      yield* claims.claim(document("c"), { whenInUse: "refuse" })
    }).pipe(Effect.provide(layers[kind])),
  )
})

const few = (of: string) => Schema.Array(Schema.Literals([`${of}1`, `${of}2`, `${of}3`]))
const Run = Schema.Struct({
  documents: Schema.Union([Schema.Literal("all"), few("document")]),
  identities: few("identity"),
  names: few("name"),
  /** Claimed once the documents are. */
  later: Schema.Struct({ identities: few("identity"), names: few("name") }),
  beginsAt: Schema.Literals([0, 1, 2, 3, 5, 8]),
  takes: Schema.Literals([0, 1, 2, 4, 7]),
})
const Runs = Schema.Array(Run)

describe.each(both)("commands with any claims %s", (kind) => {
  it.effect.prop(
    "never overlap, never wait for ever, and take documents in the order in which they came",
    [Runs],
    ([all]) =>
      Effect.gen(function* () {
        const claims = yield* Claims
        const running = new Set<ClaimSet>()
        const begun: Array<number> = []
        const ended: Array<number> = []
        const run = Effect.fnUntraced(function* (one: typeof Run.Type, index: number) {
          const { beginsAt, documents, identities, later, names, takes } = one
          yield* Effect.sleep(beginsAt)
          yield* Effect.scoped(
            Effect.gen(function* () {
              const { cover } = yield* claims.claim({ documents, identities, names })
              begun.push(index)
              yield* cover(later)
              const set: ClaimSet = { documents, ...later }
              for (const other of running) assert.isFalse(overlaps(set, other), "two commands overlap")
              running.add(set)
              yield* Effect.sleep(takes)
              running.delete(set)
            }),
          )
          ended.push(index)
        })
        const fibers = yield* Effect.forEach(all, (one, index) => Effect.forkChild(run(one, index)))
        const longest = all.reduce((sum, { takes }) => sum + takes + 1, 10)
        for (let now = 0; now < longest; now++) yield* TestClock.adjust(1)
        assert.strictEqual(ended.length, all.length, "a command waits for ever")
        yield* Effect.forEach(fibers, Fiber.join)
        // Without resources, only documents decide, and nobody overtakes one that overlaps.
        const isBare = ({ identities, names }: typeof Run.Type) => identities.length + names.length === 0
        for (const [one, first] of all.entries()) {
          for (const [other, second] of all.entries()) {
            const sets = [first, second].map(({ documents }): ClaimSet => ({ documents, identities: [], names: [] }))
            const [mine, theirs] = sets
            if (!isBare(first) || !isBare(second) || mine === undefined || theirs === undefined) continue
            const cameFirst = first.beginsAt < second.beginsAt || (first.beginsAt === second.beginsAt && one < other)
            if (one === other || !cameFirst || !overlaps(mine, theirs)) continue
            assert.isBelow(begun.indexOf(one), begun.indexOf(other), "a later command has overtaken")
          }
        }
      }).pipe(Effect.provide(layers[kind])),
    fuzzRuns(50, everyOf[kind]),
  )
})
