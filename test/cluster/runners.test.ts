/** Commands in a cluster of runners: where they run, who sees them, and what becomes of them when a runner is gone. */
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import { type NotFound, stateAway, type Unavailable } from "../../src/control/api/ApiFailure.ts"
import { eventFromApi } from "../../src/control/mapping/models.ts"
import { EventFeed } from "../../src/control/server/EventFeed.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { caller, ended, expirationMillis, makeTestCluster, requestsOf } from "./testRunners.ts"

const applyOf = (notes: Parameters<typeof formaOfNotes>[0], name = "notes") => ({
  command: "apply" as const,
  forma: JSON.parse(JSON.stringify({ ...formaOfNotes(notes), name })),
})

const isStateAway = ({ code }: NotFound | Unavailable) => Effect.as(Effect.sleep("1 second"), code === stateAway)

/** Runners that end have the time to hand over. */
const inTime = <A, E>(test: Effect.Effect<A, E, Scope.Scope>) => withPassingTime(Effect.scoped(test))

describe("a cluster", () => {
  it.effect("of two runners runs a command on one of them, whichever is asked, and each can tell its end", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, plugin } = makeNotes()
        const cluster = yield* makeTestCluster
        const one = requestsOf(yield* cluster.join("one", [plugin]))
        const two = requestsOf(yield* cluster.join("two", [plugin]))
        for (const [at, asked] of [one, two, one, two].entries()) {
          const record = yield* asked.ask(`key-${at}`, applyOf({ [`n${at}`]: { Text: "a" } }, `notes-${at}`), caller)
          assert.deepInclude(record, { key: `key-${at}`, askedBy: "somebody" })
        }
        for (const at of [0, 1, 2, 3]) {
          const [here, there] = [yield* ended(one, `key-${at}`), yield* ended(two, `key-${at}`)]
          assert.strictEqual(here.result?.status, "succeeded")
          assert.deepEqual(here, there)
        }
        assert.sameMembers(calls, ["create n0", "create n1", "create n2", "create n3"])
      }),
    ),
  )
})

/** Two runners with one provider, and which of them has a forma. */
const twoRunners = Effect.fnUntraced(function* (plugin: InProcessPlugin) {
  const cluster = yield* makeTestCluster
  const both = [yield* cluster.join("one", [plugin]), yield* cluster.join("two", [plugin])] as const
  const ownerOf = Effect.fnUntraced(function* (forma: string) {
    const { host } = yield* cluster.holderOf(forma)
    const [one, two] = both
    return one.name.startsWith(host) ? { owner: one, other: two } : { owner: two, other: one }
  })
  return { both, cluster, ownerOf }
})

/** One runner alone, whose provider has been asked for the first of two resources and has not made it yet. */
const runnerAtWork = Effect.gen(function* () {
  const { calls, finish, plugin } = makeNotes({ accepts: (label) => label === "a" })
  const cluster = yield* makeTestCluster
  const one = yield* cluster.join("one", [plugin])
  yield* requestsOf(one).ask("key-1", applyOf({ a: { Text: "a" }, b: { Text: { $ref: "a.Digest" } } }), caller)
  yield* Effect.repeat(Effect.yieldNow, { until: () => calls.length === 1 })
  return { calls, cluster, finish, one }
})

const eventsOf = ({ context }: { readonly context: Context.Context<EventFeed> }, request: string) =>
  Effect.map(Context.get(context, EventFeed).readAfter(0, { request }), ({ events }) => events)

/** How changes have ended, as clients are told. */
const endsOf = (runner: { readonly context: Context.Context<EventFeed> }, request: string) =>
  Effect.map(eventsOf(runner, request), (events) =>
    events.flatMap((event) => {
      const change = Option.getOrUndefined(eventFromApi(event))
      return change?._tag === "Finished" ? [`${change.result.label} ${change.result.status}`] : []
    }),
  )

describe("a runner whose answer is lost", () => {
  it.effect("is asked again, and its document may have moved by then", () =>
    inTime(
      Effect.gen(function* () {
        const { plugin } = makeNotes()
        const { both, ownerOf } = yield* twoRunners(plugin)
        // Until they have divided the documents.
        yield* Effect.sleep("10 seconds")
        yield* requestsOf(both[0]).ask("key-1", applyOf({ a: { Text: "a" } }), caller)
        yield* ended(requestsOf(both[0]), "key-1")
        const { other, owner } = yield* ownerOf("notes")
        const ask = (key: string, text: string) =>
          Effect.gen(function* () {
            const from = yield* Clock.currentTimeMillis
            yield* requestsOf(other).ask(key, applyOf({ a: { Text: text } }), caller)
            const millis = (yield* Clock.currentTimeMillis) - from
            const { result } = yield* ended(requestsOf(other), key)
            return { millis, status: result?.status }
          })
        const asked = yield* Effect.forkChild(ask("key-2", "b"))
        yield* owner.whileSilent(Effect.sleep("1 second"))
        const second = yield* Fiber.join(asked)
        assert.strictEqual(second.status, "succeeded")
        assert.isBelow(second.millis, 20_000)
        const moving = yield* Effect.forkChild(ask("key-3", "c"))
        yield* owner.whileSilent(Effect.andThen(Effect.sleep("1 second"), owner.leave))
        const third = yield* Fiber.join(moving)
        assert.strictEqual(third.status, "succeeded")
        assert.isBelow(third.millis, 20_000)
      }),
    ),
  )
})

describe("a runner that is gone", () => {
  it.effect("is followed by another one, which continues its command by the journal and loses no event", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, finish, plugin } = makeNotes({ accepts: () => true })
        const { both, cluster, ownerOf } = yield* twoRunners(plugin)
        yield* requestsOf(both[0]).ask("key-1", applyOf({ a: { Text: "a" } }), caller)
        yield* Effect.repeat(Effect.yieldNow, { until: () => calls.length === 1 })
        const { other, owner } = yield* ownerOf("notes")
        yield* owner.kill
        yield* finish
        const record = yield* ended(requestsOf(other), "key-1")
        assert.deepInclude(record.result, { command: "apply", status: "succeeded" })
        assert.deepEqual(calls, ["create a"])
        assert.deepInclude(yield* cluster.holderOf("notes"), { host: other.name.replace(":1", ""), epoch: 2 })
        const kinds = (yield* eventsOf(other, "key-1")).map(({ kind }) => kind)
        assert.lengthOf(
          kinds.filter((kind) => kind === "Ended"),
          1,
        )
        assert.lengthOf(
          kinds.filter((kind) => kind === "Finished"),
          1,
        )
      }),
    ),
  )

  it.effect("has asked what the next one asks anew: an answer is for the question that was seen", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, plugin } = makeNotes()
        const { both, ownerOf } = yield* twoRunners(plugin)
        yield* requestsOf(both[0]).ask("key-1", { ...applyOf({ a: { Text: "a" } }), confirm: true }, caller)
        const questionAt = (runner: (typeof both)[number]) =>
          Effect.delay(requestsOf(runner).find("key-1"), "100 millis").pipe(
            Effect.map(({ question }) => question?.number ?? 0),
            Effect.repeat({ until: (number) => number > 0 }),
          )
        const seen = yield* questionAt(both[0])
        const { other, owner } = yield* ownerOf("notes")
        yield* owner.kill
        const asked = yield* questionAt(other)
        const { answer } = requestsOf(other)
        const late = yield* Effect.flip(answer("key-1", { question: seen, yes: true }))
        assert.deepInclude(late, { code: "QuestionNotOpen" })
        yield* answer("key-1", { question: asked, yes: true })
        assert.strictEqual((yield* ended(requestsOf(other), "key-1")).result?.status, "succeeded")
        assert.deepEqual(calls, ["create a"])
      }),
    ),
  )

  it.effect("for longer than its lease, and that nobody has followed, continues its command under a new epoch", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, cluster, finish, one } = yield* runnerAtWork
        yield* one.link.pause
        yield* Effect.sleep(2 * expirationMillis)
        yield* one.link.restore
        yield* finish
        const record = yield* ended(requestsOf(one), "key-1")
        assert.deepInclude(record.result, { command: "apply", status: "succeeded" })
        assert.deepEqual(calls, ["create a", "create b"])
        assert.deepInclude(yield* cluster.holderOf("notes"), { host: "one", epoch: 2 })
      }),
    ),
  )

  it.effect("for its tables alone, leaves its command to its next holding, and nobody is told that it has failed", () =>
    inTime(
      Effect.gen(function* () {
        const { calls, cluster, finish, one } = yield* runnerAtWork
        // Until it is written that the provider has accepted it, and before it is asked again.
        yield* Effect.sleep("10 millis")
        const asked = yield* Effect.forkChild(Effect.retry(ended(requestsOf(one), "key-1"), { while: isStateAway }))
        yield* one.cutFromTables
        yield* finish
        yield* Effect.sleep("4 seconds")
        yield* one.reachTables
        const record = yield* Fiber.join(asked)
        assert.deepInclude(record.result, { command: "apply", status: "succeeded" }, record.error?.message)
        assert.deepEqual(calls, ["create a", "create b"])
        assert.deepInclude(yield* cluster.holderOf("notes"), { host: "one", epoch: 2 })
        assert.deepEqual(yield* endsOf(one, "key-1"), ["a succeeded", "b succeeded"])
      }),
    ),
  )

  it.effect("and comes back after a pause writes nothing of what another one has taken over", () =>
    inTime(
      Effect.gen(function* () {
        const held = yield* Latch.make(false)
        let creates = 0
        const { calls, notes, plugin } = makeNotes({
          // The first one is on its way when its runner is paused.
          beforeCreate: () => Effect.suspend(() => ((creates += 1) === 1 ? held.await : Effect.void)),
        })
        const { both, cluster, ownerOf } = yield* twoRunners(plugin)
        yield* requestsOf(both[0]).ask("key-1", applyOf({ a: { Text: "a" }, b: { Text: "b" } }), caller)
        yield* Effect.repeat(Effect.yieldNow, { until: () => calls.length === 1 })
        const { other, owner } = yield* ownerOf("notes")
        yield* owner.link.pause
        const record = yield* ended(requestsOf(other), "key-1")
        const { epoch } = yield* cluster.holderOf("notes")
        assert.strictEqual(epoch, 2)
        assert.sameMembers(record.result?.resources.map(({ error, label }) => `${label} ${error?.code}`) ?? [], [
          "a NeedsAttention",
          "b undefined",
        ])
        const before = yield* eventsOf(other, "key-1")
        yield* owner.link.restore
        yield* held.open
        yield* Effect.sleep("1 minute")
        assert.deepEqual(yield* ended(requestsOf(owner), "key-1"), record)
        assert.deepEqual(yield* eventsOf(owner, "key-1"), before)
        assert.deepEqual(
          [...notes.values()].map(({ Text }) => Text),
          ["b"],
        )
      }),
    ),
  )
})
