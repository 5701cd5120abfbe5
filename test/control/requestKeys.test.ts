/** The same key gives the same command: while it runs, after it has ended, and with the next agent. */
import { join } from "node:path"
import { readFileSync, readdirSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import { ResourceUpdater } from "../../src/agent/apply/ResourceUpdater.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { ApiCommand } from "../../src/control/api/ApiCommand.ts"
import { EventFeed } from "../../src/control/server/EventFeed.ts"
import { RequestKeys } from "../../src/control/server/RequestKeys.ts"
import { StateTaken } from "../../src/agent/records/StateTaken.ts"
import { CommandRequests } from "../../src/control/server/CommandRequests.ts"
import { orSettledBefore } from "../../src/control/server/settledBefore.ts"
import { decideKept } from "../../src/control/server/keptDecision.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import { NativeId } from "../../src/protocol/Identity.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOfNotes, makeNotes } from "../agent/notes.ts"
import { layerLocal, layerServices, makeSocketFolder } from "./remoteAgent.ts"

const caller = { name: "somebody", isOwner: true }
const canary = "canary-88a1"
const applyOf = (text: string) => ({
  command: "apply" as const,
  forma: JSON.parse(JSON.stringify(formaOfNotes({ a: { Text: text, Secret: canary } }))),
})

/** An agent on a state file, until the scope closes. */
const agentOn = (file: string, plugin: InProcessPlugin, scope: Scope.Scope, services = layerServices) =>
  Effect.map(
    Layer.buildWithScope(
      Layer.fresh(
        services.pipe(
          Layer.provideMerge(
            Agent.layerNoDeps.pipe(
              Layer.provide(ResourceUpdater.layerNoDeps),
              Layer.provideMerge(Agent.layerRecords),
              Layer.provide(PluginCoordinator.layerInProcess([plugin])),
              Layer.provideMerge(Store.layerFile(file)),
              Layer.provide(NodeServices.layer),
            ),
          ),
        ),
      ),
      scope,
    ),
    (context) => Effect.provideContext(CommandRequests, context),
  ).pipe(Effect.flatten)

const endingBy = (end: RequestKeys["Service"]["end"]): typeof layerServices =>
  CommandRequests.layer.pipe(
    Layer.provideMerge(
      Layer.effect(
        RequestKeys,
        Effect.map(RequestKeys, (keys) => RequestKeys.of({ ...keys, end })),
      ),
    ),
    Layer.provideMerge(Layer.merge(EventFeed.layerMemory, RequestKeys.layer)),
  )

/** The services of an agent that is killed whenever it is about to keep what became of a command. */
const keepingNoEnd = endingBy(() => Effect.fail(new StateTaken({})))

/** Whoever was killed before it could keep what became of its commands leaves this. */
const loseRecords = (file: string) => {
  const database = new DatabaseSync(file)
  database.exec("UPDATE requests SET record = NULL, ended_at = NULL")
  database.close()
}

const ended = (requests: CommandRequests["Service"], key: string) =>
  withPassingTime(Effect.repeat(requests.find(key, 1_000), { until: ({ status }) => status !== "running" }))

describe("a key", () => {
  it.effect("gives its command again, and none of its body can be read from the state", () => {
    const { calls, plugin } = makeNotes()
    return Effect.gen(function* () {
      const folder = yield* makeSocketFolder
      const file = join(folder, "state.db")
      const first = yield* Scope.make()
      const requests = yield* agentOn(file, plugin, first)
      const asked = yield* requests.ask("key-number-1", applyOf("a"), caller)
      assert.deepInclude(asked, { key: "key-number-1", command: "apply", status: "running", askedBy: "somebody" })
      assert.strictEqual((yield* requests.ask("key-number-1", applyOf("a"), caller)).key, "key-number-1")
      const done = yield* ended(requests, "key-number-1")
      assert.strictEqual(done.result?.status, "succeeded")
      assert.lengthOf(done.commandIds, 1)
      assert.deepEqual(yield* requests.ask("key-number-1", applyOf("a"), caller), done)
      const other = yield* Effect.flip(requests.ask("key-number-1", applyOf("b"), caller))
      assert.deepInclude(other, { _tag: "Refused", code: "KeyReused" })
      yield* Scope.close(first, Exit.void)
      // The next agent.
      const second = yield* Effect.scope
      const next = yield* agentOn(file, plugin, second)
      assert.deepEqual(yield* next.ask("key-number-1", applyOf("a"), caller), done)
      assert.deepEqual(yield* next.find("key-number-1"), done)
      assert.strictEqual((yield* Effect.flip(next.ask("key-number-1", applyOf("b"), caller)))._tag, "Refused")
      assert.strictEqual((yield* Effect.flip(next.find("key-number-2")))._tag, "NotFound")
      assert.deepEqual(calls, ["create a"])
      const bytes = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"))
      assert.include(bytes.join(""), "key-number-1")
      assert.notInclude(bytes.join(""), canary)
    })
  })

  it.effect("continues a command that was cut off with its agent, under the same id", () => {
    const { calls, finish, plugin } = makeNotes({ accepts: () => true })
    return Effect.gen(function* () {
      const file = join(yield* makeSocketFolder, "state.db")
      const first = yield* Scope.make()
      const requests = yield* agentOn(file, plugin, first)
      yield* requests.ask("key-number-1", applyOf("a"), caller)
      const begun = yield* Effect.repeat(requests.find("key-number-1", 1), {
        until: ({ commandIds }) => commandIds.length > 0,
      })
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => calls.length === 1 }))
      yield* Scope.close(first, Exit.void)
      yield* finish
      const next = yield* agentOn(file, plugin, yield* Effect.scope)
      yield* next.ask("key-number-1", applyOf("a"), caller)
      const done = yield* ended(next, "key-number-1")
      assert.deepInclude(done.result, { command: "apply", status: "succeeded" })
      assert.deepEqual(done.commandIds, begun.commandIds)
      assert.deepEqual(calls, ["create a"])
    })
  })

  it.effect("that never came to its turn is forgotten after a week", () => {
    const { plugin } = makeNotes()
    return Effect.gen(function* () {
      const file = join(yield* makeSocketFolder, "state.db")
      const first = yield* Scope.make()
      // It asks, and so it has begun nothing, when its agent ends.
      const requests = yield* agentOn(file, plugin, first)
      yield* requests.ask("key-that-asks", { ...applyOf("a"), confirm: true }, caller)
      yield* Effect.repeat(requests.find("key-that-asks", 1), { until: ({ status }) => status === "asking" })
      yield* Scope.close(first, Exit.void)

      const left = Effect.sync(() => {
        const database = new DatabaseSync(file, { readOnly: true })
        const rows = database.prepare("SELECT request FROM requests ORDER BY request").all()
        database.close()
        return rows.map(({ request }) => request)
      })
      const next = yield* agentOn(file, plugin, yield* Effect.scope)
      yield* next.ask("key-number-1", applyOf("a"), caller)
      yield* ended(next, "key-number-1")
      assert.deepEqual(yield* left, ["key-number-1", "key-that-asks"])
      yield* TestClock.adjust("8 days")
      yield* next.ask("key-number-2", applyOf("b"), caller)
      yield* ended(next, "key-number-2")
      assert.deepEqual(yield* left, ["key-number-2"])
    })
  })

  it.effect(
    "of a command that was canceled before it had begun begins nothing, also where the agent is killed then",
    () => {
      const { calls, plugin } = makeNotes()
      return Effect.gen(function* () {
        const file = join(yield* makeSocketFolder, "state.db")
        const first = yield* Scope.make()
        const requests = yield* agentOn(file, plugin, first, keepingNoEnd)
        const asking = { ...applyOf("a"), confirm: true }
        yield* requests.ask("key-that-asks", asking, caller)
        yield* Effect.repeat(requests.find("key-that-asks", 1), { until: ({ status }) => status === "asking" })
        assert.isTrue(yield* requests.cancel("key-that-asks", "stop"))
        yield* Scope.close(first, Exit.void)
        const next = yield* agentOn(file, plugin, yield* Effect.scope)
        const refused = yield* Effect.flip(next.ask("key-that-asks", asking, caller))
        assert.deepInclude(refused, { _tag: "Refused", code: "CommandCanceled" })
        assert.isFalse(yield* next.continueKept("key-that-asks"))
        assert.deepEqual(calls, [])
      })
    },
  )

  it.effect(
    "gives the result of a command whose agent was killed before it could keep it, and does nothing twice",
    () => {
      const { calls, plugin } = makeNotes()
      return Effect.gen(function* () {
        const file = join(yield* makeSocketFolder, "state.db")
        const first = yield* Scope.make()
        const requests = yield* agentOn(file, plugin, first)
        const forma = { ...formaOfNotes({ a: { Text: "a" } }), outputs: { digest: { $ref: "a.Digest" } } }
        const apply: ApiCommand = { command: "apply", forma: JSON.parse(JSON.stringify(forma)) }
        const move: ApiCommand = { command: "mv", label: "a", to: "b" }
        yield* requests.ask("key-number-1", apply, caller)
        const done = yield* ended(requests, "key-number-1")
        yield* Scope.close(first, Exit.void)
        loseRecords(file)
        const second = yield* Scope.make()
        const next = yield* agentOn(file, plugin, second)
        yield* next.ask("key-number-1", apply, caller)
        const again = yield* ended(next, "key-number-1")
        assert.deepEqual(again.commandIds, done.commandIds)
        assert.deepInclude(again.result, {
          command: "apply",
          status: "succeeded",
          outputs: { digest: { value: "digest of a" } },
        })
        assert.deepEqual(
          again.result?.resources.map(({ label, nativeId, operation }) => [label, operation, nativeId]),
          [["a", "create", "note-1"]],
        )
        yield* next.ask("key-number-2", move, caller)
        const moved = yield* ended(next, "key-number-2")
        yield* Scope.close(second, Exit.void)
        loseRecords(file)
        const third = yield* agentOn(file, plugin, yield* Effect.scope)
        yield* third.ask("key-number-2", move, caller)
        const movedAgain = yield* ended(third, "key-number-2")
        assert.deepInclude(movedAgain.result?.resources[0], { label: "b", movedFrom: "a" })
        assert.strictEqual(movedAgain.status, moved.status)
        assert.deepEqual(calls, ["create a"])
      })
    },
  )

  it.effect("of a command whose result cannot be told ends all the same, and the next agent tells it", () => {
    const { calls, plugin } = makeNotes()
    return Effect.gen(function* () {
      const file = join(yield* makeSocketFolder, "state.db")
      const first = yield* Scope.make()
      const failing = endingBy(() => Effect.die("it has no JSON"))
      const requests = yield* agentOn(file, plugin, first, failing)
      yield* requests.ask("key-number-1", applyOf("a"), caller)
      const refused = yield* ended(requests, "key-number-1")
      assert.deepInclude(refused.error, { code: "Defect" })
      yield* Scope.close(first, Exit.void)
      const next = yield* agentOn(file, plugin, yield* Effect.scope)
      yield* next.ask("key-number-1", applyOf("a"), caller)
      assert.strictEqual((yield* ended(next, "key-number-1")).result?.status, "succeeded")
      assert.deepEqual(calls, ["create a"])
    })
  })

  it.effect("of a settlement gives its result, where there is nothing left to settle", () => {
    const { plugin } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))
      const adopting = (nativeId: string) =>
        orSettledBefore(agent, { command: "adopt", label: "a", nativeId }, () =>
          agent.adopt({ label: "a" }, NativeId.make(nativeId)),
        )({})
      assert.deepInclude((yield* adopting("note-1")).resources[0], { label: "a", operation: "adopt" })
      assert.strictEqual((yield* Effect.flip(adopting("note-2")))._tag, "OperationNotOpen")
      const forgotten = yield* orSettledBefore(agent, { command: "forget", label: "a" }, () =>
        agent.forget({ label: "a" }),
      )({})
      assert.deepInclude(forgotten, { command: "forget", status: "succeeded" })
      const unknown = orSettledBefore(agent, { command: "mv", label: "x", to: "y" }, () =>
        agent.move({ label: "x" }, "y"),
      )({})
      assert.strictEqual((yield* Effect.flip(unknown))._tag, "ResourceNotFound")
    }).pipe(Effect.provide(layerLocal([plugin])))
  })

  it.effect("of two that ask at once gives one command", () => {
    const { calls, plugin } = makeNotes()
    return Effect.gen(function* () {
      const file = join(yield* makeSocketFolder, "state.db")
      const requests = yield* agentOn(file, plugin, yield* Effect.scope)
      yield* Effect.forEach([1, 2, 3], () => requests.ask("key-number-1", applyOf("a"), caller), {
        concurrency: "unbounded",
      })
      const done = yield* ended(requests, "key-number-1")
      assert.lengthOf(done.commandIds, 1)
      assert.deepEqual(calls, ["create a"])
    })
  })
})

describe("what is done for a key from before", () => {
  const record = {
    schemaVersion: 1,
    key: "k",
    command: "apply",
    status: "succeeded",
    revision: 1,
    commandIds: [],
    askedBy: "x",
    askedAt: 0,
  } as const
  const past = { commandId: "c", command: "apply", forma: "f", startedAt: 0, endedAt: 1, askedBy: null } as const
  it.each([
    [{ record, status: undefined }, "Answer"],
    [{ record, status: "running" }, "Answer"],
    [{ record: undefined, status: "running" }, "Resume"],
    [{ record: undefined, status: "canceled" }, "Canceled"],
    [{ record: undefined, status: undefined }, "Begin"],
    [{ record: undefined, status: undefined, isCanceled: true }, "Canceled"],
    [{ record, status: undefined, isCanceled: true }, "Answer"],
    [{ record: undefined, status: undefined, isCanceled: true, past: { ...past, status: "succeeded" } }, "Rebuild"],
    [{ record: undefined, status: undefined, past: { ...past, status: "succeeded" } }, "Rebuild"],
    [{ record: undefined, status: undefined, past: { ...past, status: "superseded" } }, "BeginAnew"],
  ] as const)("%o is %s", (facts, tag) => {
    assert.strictEqual(decideKept(facts)._tag, tag)
  })
})

describe("a question", () => {
  it.effect("that nobody answers for ten minutes counts as no, and an answer to another one is refused", () => {
    const { calls, plugin } = makeNotes()
    return Effect.gen(function* () {
      const file = join(yield* makeSocketFolder, "state.db")
      const requests = yield* agentOn(file, plugin, yield* Effect.scope)
      yield* requests.ask("key-number-1", { ...applyOf("a"), confirm: true }, caller)
      const asking = yield* Effect.repeat(requests.find("key-number-1", 0), {
        until: ({ status }) => status === "asking",
      })
      assert.deepEqual(
        asking.question?.resources.map(({ label, operation }) => `${label} ${operation}`),
        ["a create"],
      )
      const wrong = yield* Effect.flip(requests.answer("key-number-1", { question: 2, yes: true }))
      assert.deepInclude(wrong, { _tag: "Refused", code: "QuestionNotOpen" })
      const done = yield* withPassingTime(
        Effect.repeat(requests.find("key-number-1", 1_000), { until: ({ status }) => status === "refused" }),
        "10 seconds",
      )
      assert.deepInclude(done.error, { code: "NotConfirmed" })
      assert.deepEqual(calls, [])
    })
  })
})
