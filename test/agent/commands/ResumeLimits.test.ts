import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import type { ResumeOptions } from "../../../src/agent/commands/Resumption.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { formaOf, layerAgent, makeShop, outcomes } from "../shop.ts"
import { cutOffUnanswered, errorOf, only, silentAfter } from "./cutOff.ts"

/** An agent whose state can be looked at. */
const layerOpen = Agent.layer.pipe(
  Layer.provide(PluginCoordinator.layerInProcess([inProcess(fakeAws)])),
  Layer.provideMerge(layerChosenStore),
)

const resume = (options?: ResumeOptions) => Effect.flatMap(Agent, (agent) => withPassingTime(agent.resume(options)))

/** Two applies that were canceled before they did anything, and a destroy that was cut off the same way. */
const makeCanceled = Effect.gen(function* () {
  const agent = yield* Agent
  const parts = yield* makeShop
  const stopAtOnce = { stopWhen: Effect.void }
  yield* parts.apply(only("alone"), parts.target(), "gone")
  yield* agent.apply(formaOf("first", parts.target(), only("net")), stopAtOnce)
  yield* agent.apply(formaOf("second", parts.target(), only("pictures")), stopAtOnce)
  yield* agent.destroy("gone", stopAtOnce)
  return { ...parts, agent }
})

describe("resume", () => {
  it.effect("names all that it is going to do before it does any of it", () =>
    Effect.gen(function* () {
      yield* makeCanceled
      const events: Array<ChangeEvent> = []
      const resumed = yield* resume({ observe: (event) => Effect.sync(() => void events.push(event)) })
      assert.strictEqual(resumed.status, "succeeded")
      const named = events.map((event) => (event._tag === "Resuming" ? `${event.what} of ${event.forma}` : event._tag))
      assert.sameMembers(named.slice(0, 3), ["apply of first", "apply of second", "destroy of gone"])
      assert.notInclude(named.slice(3).join(), " of ")
      const [first] = events
      assert.deepInclude(first, { ended: "canceled", startedAt: 0, open: [] })
      // The command keeps its id.
      const began = events.flatMap((event) => (event._tag === "Began" ? [event.commandId] : []))
      assert.sameMembers(
        events.slice(0, 3).map(({ commandId }) => commandId),
        began,
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("can be limited to a forma, or to a command, and says what else is unfinished", () =>
    Effect.gen(function* () {
      const { resources } = yield* makeCanceled
      const events: Array<ChangeEvent> = []
      const second = yield* resume({ forma: "second", observe: (event) => Effect.sync(() => void events.push(event)) })
      assert.deepEqual(outcomes(second), ["pictures create"])
      assert.match(second.note ?? "", /^the apply of first, .*\nthe destroy of gone, .*$/)
      assert.sameMembers([...new Set(events.map(({ forma }) => forma))], ["second"])
      assert.lengthOf(yield* resources, 2)

      const none = yield* resume({ forma: "thrid" })
      assert.deepEqual([none.status, none.resources], ["succeeded", []])
      assert.include(none.note, "the apply of first")

      const sql = yield* SqlClient.SqlClient
      const [[commandId] = []] =
        yield* sql`SELECT command_id FROM commands WHERE forma = 'gone' AND status = 'canceled'`.values
      assert.deepEqual(outcomes(yield* resume({ commandId: String(commandId) })), ["alone delete"])
      assert.deepEqual((yield* resume({ commandId: String(commandId) })).resources, [])
      const rest = yield* resume()
      assert.deepEqual(outcomes(rest), ["net create"])
      assert.isUndefined(rest.note)
    }).pipe(Effect.provide(layerOpen)),
  )

  it.effect("is limited to the operations that an ended command of the forma has left open, too", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      yield* cutOffUnanswered(formaOf("shop", target({ faults: [silentAfter("old")] }), only("old")), resources)
      assert.deepEqual(outcomes(yield* resume()), ["old create: NeedsAttention"])
      const events: Array<ChangeEvent> = []
      const observe = (event: ChangeEvent) => Effect.sync(() => void events.push(event))
      assert.deepEqual((yield* resume({ forma: "other" })).resources, [])
      assert.deepEqual(outcomes(yield* resume({ forma: "shop", observe })), ["old create: NeedsAttention"])
      assert.deepInclude(events[0], { _tag: "Resuming", what: "operations", ended: "left open", open: ["old"] })
      assert.deepEqual(outcomes(yield* apply(only("alone"), target(), "other")), ["alone create"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("continues what was canceled although something else has failed", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const denied = { operation: "create", label: "net", when: "before", action: "error", code: "AccessDenied" }
      const late = { operation: "create", label: "pictures", when: "before", action: "delay", millis: 1_000 }
      const forma = formaOf("shop", target({ faults: [denied, late] }), only("net", "pictures", "logs"))
      const apply = agent.apply(forma, {
        observe: ({ _tag, commandId }) => (_tag === "Started" ? Effect.asVoid(agent.stop(commandId)) : Effect.void),
      })
      const applied = yield* withPassingTime(apply)
      assert.strictEqual(applied.status, "failed")
      assert.strictEqual(errorOf(applied, "logs")?.code, "Canceled")
      const resumed = yield* resume()
      assert.strictEqual(errorOf(resumed, "net")?.code, "AccessDenied")
      assert.isNull(errorOf(resumed, "logs"))
      assert.deepEqual((yield* resume()).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a defect in one forma", () => {
  it.effect("does not stop the resume of another one, and is said", () =>
    Effect.gen(function* () {
      yield* makeCanceled
      const sql = yield* SqlClient.SqlClient
      const vault = yield* Vault
      // A document that is none: to read it is a defect.
      const document = yield* vault.lock('{"targets":7}')
      yield* sql`UPDATE commands SET document = ${document}, checksum = NULL WHERE forma = 'first' AND status = 'canceled'`
      yield* sql`UPDATE commands SET command = 'never' WHERE forma = 'gone' AND status = 'canceled'`
      const resumed = yield* resume()
      assert.strictEqual(resumed.status, "failed")
      assert.deepEqual(outcomes(resumed), ["pictures create"])
      assert.match(
        resumed.note ?? "",
        /^cannot resume the apply of first now: .*\nit is not known whether more is unfinished: The command /,
      )
    }).pipe(Effect.provide(layerOpen)),
  )

  it.effect("does not stop an apply of another one", () =>
    Effect.gen(function* () {
      const { apply, target } = yield* makeCanceled
      const sql = yield* SqlClient.SqlClient
      yield* sql`UPDATE commands SET command = 'never' WHERE forma <> 'second' AND status = 'canceled'`
      const applied = yield* apply(only("logs", "pictures"), target(), "second")
      assert.deepEqual(outcomes(applied), ["logs create", "pictures create"])
      assert.include(applied.note, "it is not known whether more is unfinished: The command ")
    }).pipe(Effect.provide(layerOpen)),
  )
})

describe("what was forgotten", () => {
  it.effect("is not created by a resume, but by an apply", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const agent = yield* Agent
      const config = target({ faults: [silentAfter("old")] })
      yield* cutOffUnanswered(formaOf("shop", config, only("old", "alone")), resources, 2)
      yield* agent.forget({ label: "old" })
      const resumed = yield* resume()
      assert.strictEqual(outcomes(resumed)[0], "old create: Forgotten")
      assert.isNull(errorOf(resumed, "alone"))
      assert.strictEqual(
        errorOf(resumed, "old")?.message,
        "old was forgotten; only an apply of its document begins it again",
      )
      assert.deepEqual((yield* resume()).resources, [])
      assert.lengthOf(yield* resources, 2)
      assert.deepEqual(outcomes(yield* apply(only("old", "alone"), target())), ["old create", "alone noop"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is not created by a resume of a later command than the one that had begun it", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      const agent = yield* Agent
      const config = target({ faults: [silentAfter("old"), silentAfter("alone")] })
      yield* cutOffUnanswered(formaOf("shop", config, only("old")), resources)
      assert.deepEqual(outcomes(yield* resume()), ["old create: NeedsAttention"])
      const both = formaOf("shop", config, only("old", "alone"))
      yield* withPassingTime(cutOffUnanswered(both, resources, 2))
      yield* agent.forget({ label: "old" })
      assert.strictEqual(outcomes(yield* resume())[0], "old create: Forgotten")
      assert.lengthOf(yield* resources, 2)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is not deleted by the resume of a destroy", () =>
    Effect.gen(function* () {
      const { apply, destroy, resources, target } = yield* makeShop
      const agent = yield* Agent
      const lost = { operation: "delete", when: "after", action: "error", code: "NetworkFailure", times: 1_000 }
      yield* apply(
        only("alone", "pictures"),
        target({ faults: [{ ...lost, type: "FakeAWS::S3::Bucket", when: "before" }] }),
      )
      const stopped = yield* withPassingTime(destroy())
      assert.strictEqual(stopped.status, "failed")
      const sql = yield* SqlClient.SqlClient
      // As if it had been cut off there.
      yield* sql`UPDATE operations SET settled = 0, status = 'InProgress', checksum = NULL WHERE label = 'pictures' AND kind = 'Delete'`
      yield* sql`UPDATE commands SET status = 'running', checksum = NULL WHERE command = 'destroy'`
      const forgotten = yield* agent.forget({ label: "pictures" })
      assert.deepInclude(forgotten.resources[0], { operation: "forget", label: "pictures" })
      assert.deepEqual(outcomes(yield* resume()), ["pictures delete: Forgotten"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerOpen)),
  )
})
