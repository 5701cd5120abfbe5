/** A command that asks before it does something. */
import { DatabaseSync } from "node:sqlite"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/testing/TestClock"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { doesSomething } from "../../../src/agent/commands/doesSomething.ts"
import { commandErrorOf } from "../../../src/agent/commands/CommandError.ts"
import type { Confirm, ConfirmRequest } from "../../../src/agent/commands/Confirmation.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOfNotes, layerNotes, makeNotes } from "../notes.ts"
import { formatResult } from "../../../src/cli/formatResult.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { formaOf, layerAgent, makeShop, outcomes, type Resources, shop } from "../shop.ts"
import { cutOffUnanswered, only, silentAfter } from "./cutOff.ts"

/** Answers at once, and keeps what it was asked. */
const answering = (...answers: ReadonlyArray<boolean>) => {
  const asked: Array<ConfirmRequest> = []
  const confirm: Confirm = (request) => Effect.sync(() => answers[asked.push(request) - 1] ?? false)
  return { asked, confirm }
}

/** It refers to what `net` does not have, which the plan finds. */
const bucket = ["FakeAWS::S3::Bucket", { BucketName: "bucket", Tags: { $ref: "net.Tags" } }] as const

const described = ({ resources }: ConfirmRequest) => resources.map(({ label, operation }) => `${label} ${operation}`)

/** An agent on a state file, and what is in it. */
const makeState = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-confirm-"))),
    (made) => Effect.sync(() => rmSync(made, { recursive: true })),
  )
  const file = join(folder, "state.db")
  /** Every row but who holds the state. */
  const rows = Effect.sync(() => {
    const database = new DatabaseSync(file, { readOnly: true })
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const found = tables
      .map(({ name }) => String(name))
      .filter((name) => name !== "state_ownership")
      .flatMap((name) => database.prepare(`SELECT '${name}' AS "table", * FROM "${name}"`).all())
    database.close()
    return JSON.stringify(found)
  })
  const layer = Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
    Layer.provide([Store.layerFile(file), PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
    Layer.provide(NodeServices.layer),
  )
  return { layer, rows }
})

describe("a command that asks", () => {
  it.effect("does what was confirmed, and asks nothing where there is nothing to do", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      const agent = yield* Agent
      const forma = formaOf("shop", target(), only("net", "password"))
      const { asked, confirm } = answering(true, true)
      assert.deepEqual(outcomes(yield* agent.apply(forma, { confirm })), ["net create", "password create"])
      assert.deepEqual(outcomes(yield* agent.apply(forma, { confirm })), ["net noop", "password noop"])
      assert.deepEqual(outcomes(yield* agent.destroy("shop", { confirm })), ["net delete", "password delete"])
      yield* agent.destroy("shop", { confirm })
      assert.deepEqual(
        asked.map((request) => [request.command, request.forma, ...described(request)]),
        [
          ["apply", "shop", "net create", "password create"],
          ["destroy", "shop", "net delete", "password delete"],
        ],
      )
      assert.deepEqual(asked[0]?.resources[0]?.changes, [{ path: "/CidrBlock", after: "10.0.0.0/16" }])
      assert.notInclude(JSON.stringify(asked), "hunter2")
      assert.lengthOf(yield* resources, 0)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("has done nothing after a no, and nothing of it is left in the state", () =>
    Effect.gen(function* () {
      const { layer, rows } = yield* makeState
      yield* Effect.gen(function* () {
        const { apply, file: cloud, plan, target, writes } = yield* makeShop
        const agent = yield* Agent
        const { confirm } = answering()
        const source = { path: "/a/shop.yaml", relativePath: "shop.yaml", isNamed: true, hasMoved: false }
        const document = { ...source, earlier: undefined, resources: [] }
        const before = yield* rows
        const fresh = yield* Effect.flip(agent.apply(formaOf("shop", target(), only("net")), { confirm, document }))
        assert.strictEqual(fresh.message, "Nothing of the plan for shop was done, because the answer was no")
        assert.deepEqual(commandErrorOf(fresh).facts, { forma: "shop", reason: "Declined", takenUp: [] })
        assert.strictEqual(yield* rows, before)
        assert.isFalse(existsSync(cloud))

        yield* apply(only("net"))
        const applied = yield* rows
        const done = yield* writes
        yield* Effect.flip(agent.apply(formaOf("shop", target(), only("net", "alone")), { confirm, document }))
        const refused = yield* Effect.flip(agent.destroy("shop", { confirm, document }))
        assert.strictEqual(refused._tag, "NotConfirmed")
        assert.strictEqual(yield* rows, applied)
        assert.deepEqual(yield* writes, done)
        assert.deepEqual(outcomes(yield* plan(only("net"))), ["net noop"])
        assert.isUndefined((yield* agent.inventory).notes)
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("adopts the name of a document of 0.1.0 only after a yes, and where the plan is not refused", () =>
    Effect.gen(function* () {
      const { layer, rows } = yield* makeState
      yield* Effect.gen(function* () {
        const { apply, target } = yield* makeShop
        const agent = yield* Agent
        yield* apply(only("net"), target(), "a-b")
        const source = { path: "/a/a.b.yaml", relativePath: "a.b.yaml", isNamed: false, hasMoved: false }
        const document = {
          ...source,
          earlier: { name: "a-b", siblings: [] },
          resources: formaOf("a.b", {}, only("net")).resources,
        }
        const forma = formaOf("a.b", target(), only("net", "alone"))
        const before = yield* rows
        const { asked, confirm } = answering(false, false, true)
        yield* Effect.flip(agent.apply(forma, { confirm, document }))
        yield* Effect.flip(agent.destroy("a.b", { confirm, document }))
        const wrong = formaOf("a.b", target(), { ...only("net"), bucket })
        assert.strictEqual((yield* Effect.flip(agent.apply(wrong, { document })))._tag, "FormaInvalid")
        const outdated = yield* Effect.flip(agent.apply(forma, { document, expected: [] }))
        assert.strictEqual(outdated._tag, "PlanOutdated")
        assert.strictEqual(yield* rows, before)
        const done = yield* agent.apply(forma, { confirm, document })
        assert.deepEqual(outcomes(done), ["net noop", "alone create"])
        assert.deepEqual(
          asked.map((request) => [request.command, request.forma, ...described(request)]),
          [
            ["apply", "a.b", "net noop", "alone create"],
            ["destroy", "a.b", "net delete"],
            ["apply", "a.b", "net noop", "alone create"],
          ],
        )
        assert.deepEqual(
          done.notes?.map(({ _tag }) => _tag),
          ["Adopted"],
        )
        assert.deepEqual(
          (yield* agent.inventory).resources.map((one) => `${one.forma} ${one.label}`),
          ["a.b alone", "a.b net"],
        )
      }).pipe(Effect.provide(layer))
    }),
  )

  it.effect("is not confirmed by a request to stop, which ends the question", () =>
    Effect.gen(function* () {
      const { file, target } = yield* makeShop
      const agent = yield* Agent
      const isAsked = yield* Deferred.make<void>()
      const stop = yield* Deferred.make<void>()
      const apply = yield* Effect.forkChild(
        agent.apply(formaOf("shop", target(), only("net")), {
          confirm: () => Effect.andThen(Deferred.succeed(isAsked, undefined), Effect.never),
          stopWhen: Deferred.await(stop),
        }),
      )
      yield* Deferred.await(isAsked)
      yield* Deferred.succeed(stop, undefined)
      const error = yield* Effect.flip(Fiber.join(apply))
      assert.deepInclude(error, { _tag: "NotConfirmed", reason: "Stopped" })
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("takes up what was left open before it asks, and says so after a no", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      const agent = yield* Agent
      const faults = [silentAfter("pictures")]
      yield* cutOffUnanswered(formaOf("shop", target({ faults }), only("pictures")), resources)
      const { asked, confirm } = answering()
      const error = yield* Effect.flip(
        withPassingTime(agent.apply(formaOf("shop", target(), only("pictures", "net")), { confirm })),
      )
      assert.deepEqual(asked.map(described), [["pictures noop", "net create"]])
      assert.include(error.message, ". What earlier commands had left open was taken up before: pictures")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("asks before a label moves, which stays where it was after a no", () =>
    Effect.gen(function* () {
      const { apply, inventory, plan, target } = yield* makeShop
      const agent = yield* Agent
      yield* apply(only("pictures"))
      const renamed = { images: shop["pictures"] ?? ["", {}] } satisfies Resources
      const planned = yield* plan(renamed)
      assert.deepEqual([outcomes(planned), planned.resources.some(doesSomething)], [["images noop"], true])
      const { asked, confirm } = answering(false)
      const error = yield* Effect.flip(agent.apply(formaOf("shop", target(), renamed), { confirm }))
      assert.strictEqual(error._tag, "NotConfirmed")
      assert.deepEqual(asked.map(described), [["images noop"]])
      assert.deepEqual(outcomes(yield* inventory), ["pictures noop"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("says in a plan that an apply finishes what is open, wanted or not", () =>
    Effect.gen(function* () {
      const { plan, resources, target } = yield* makeShop
      const faults = [silentAfter("pictures")]
      yield* cutOffUnanswered(formaOf("shop", target({ faults }), only("pictures")), resources)
      const planned = yield* plan({})
      assert.deepEqual(
        planned.resources.map(({ label, openOperation }) => [label, openOperation?.kind]),
        [["pictures", "Create"]],
      )
      assert.isTrue(planned.resources.some(doesSomething))
      const text = linesToWrite(formatResult(planned, ["shop"]), false).join("\n")
      assert.include(text, "its create is still open: an apply finishes it first")
      assert.include(text, "1 to finish")
      assert.notInclude(text, "Nothing to do")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("keeps the state from other commands until there is an answer", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const isAsked = yield* Deferred.make<void>()
      const answer = yield* Deferred.make<boolean>()
      const forma = formaOf("shop", target(), only("net"))
      const apply = yield* Effect.forkChild(
        agent.apply(forma, {
          confirm: () => Effect.andThen(Deferred.succeed(isAsked, undefined), Deferred.await(answer)),
        }),
      )
      yield* Deferred.await(isAsked)
      const refused = yield* Effect.flip(agent.apply(forma, { whenInUse: "refuse" }))
      assert.strictEqual(refused._tag, "StateInUse")
      yield* Deferred.succeed(answer, true)
      assert.deepEqual(outcomes(yield* Fiber.join(apply)), ["net create"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a command whose answer comes late", () => {
  const Text = Schema.decodeUnknownSync(Schema.String)

  /** An apply of one note, which somebody else changes while it asks. */
  const applyLate = (changesOf: (round: number) => string | undefined, seconds = 6) => {
    const { calls, notes, plugin, reads } = makeNotes()
    return Effect.gen(function* () {
      const agent = yield* Agent
      const id = NativeId.make("note-1")
      yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))
      const before = reads.length
      const asked: Array<string> = []
      const confirm: Confirm = ({ resources }) =>
        Effect.gen(function* () {
          asked.push(Text(resources[0]?.changes?.find(({ path }) => path === "/Text")?.before))
          yield* TestClock.adjust(`${seconds} seconds`)
          const text = changesOf(asked.length)
          if (text !== undefined) notes.set(id, { Text: text, Digest: "" })
          return true
        })
      const result = yield* Effect.result(agent.apply(formaOfNotes({ a: { Text: "b" } }), { confirm }))
      const updates = calls.filter((call) => call.startsWith("update"))
      return { asked, reads: reads.length - before, result, updates }
    }).pipe(Effect.provide(layerNotes(plugin)))
  }

  it.effect("plans again, and does it where the plan is the same", () =>
    Effect.gen(function* () {
      const { asked, reads, updates } = yield* applyLate(() => undefined)
      assert.deepEqual(asked, ["a"])
      assert.strictEqual(reads, 2)
      assert.deepEqual(updates, ['update a to {"Text":"b"}'])
    }),
  )

  it.effect("asks again where something was changed elsewhere meanwhile", () =>
    Effect.gen(function* () {
      const { asked, updates } = yield* applyLate((round) => (round === 1 ? "changed" : undefined))
      assert.deepEqual(asked, ["a", "changed"])
      assert.lengthOf(updates, 1)
    }),
  )

  it.effect("does nothing where something else would be done each time", () =>
    Effect.gen(function* () {
      const { asked, result, updates } = yield* applyLate((round) => `changed ${round}`)
      assert.lengthOf(asked, 5)
      assert.lengthOf(updates, 0)
      assert.strictEqual(result._tag === "Failure" && result.failure._tag, "NotConfirmed")
    }),
  )

  it.effect("reads once where the answer came soon", () =>
    Effect.gen(function* () {
      const { asked, reads } = yield* applyLate(() => undefined, 5)
      assert.deepEqual([asked, reads], [["a"], 1])
    }),
  )
})
