/** What a command tells besides what it does. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Agent } from "../../src/agent/Agent.ts"
import { ChangeEvent } from "../../src/agent/apply/ChangeEvent.ts"
import { CommandFinished } from "../../src/agent/commands/commandStream.ts"
import { withPassingTime } from "../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop, type Resources } from "./shop.ts"

const net = (more = {}): Resources => ({ net: ["FakeAWS::EC2::VPC", { CidrBlock: "10.0.0.0/16", ...more }] })
const block: Resources = {
  block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
}

const lineOf = (event: ChangeEvent): ReadonlyArray<string> => {
  if (event._tag === "Started") return [`${event.change.label} started (${event.action})`]
  return event._tag === "Finished" ? [`${event.result.label} finished`] : []
}

describe("an observer", () => {
  it.effect("hears that a resource is finished before what waits for it begins, however slow it is", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const config = target()
      const agent = yield* Agent
      const heard: Array<string> = []
      const slowly = (event: ChangeEvent) =>
        Effect.andThen(
          Effect.sleep(event._tag === "Finished" ? "1 second" : 0),
          Effect.sync(() => void heard.push(...lineOf(event))),
        )
      const apply = (resources: Resources) =>
        withPassingTime(agent.apply(formaOf("shop", config, resources), { observe: slowly }))
      yield* apply({ ...net(), ...block })
      assert.deepEqual(heard.splice(0), [
        "net started (ensure)",
        "net finished",
        "block started (ensure)",
        "block finished",
      ])
      yield* apply({ ...net({ CidrBlock: "10.2.0.0/16" }), ...block })
      assert.deepEqual(heard, [
        "block started (remove)",
        "net started (remove)",
        "net started (ensure)",
        "net finished",
        "block started (ensure)",
        "block finished",
      ])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a result", () => {
  it.effect("has the names of what differs, in a plan and in what came of it", () =>
    Effect.gen(function* () {
      const { apply, plan } = yield* makeShop
      yield* apply(net())
      const wanted = net({ EnableDnsSupport: true, Tags: [{ Key: "a", Value: "b" }] })
      for (const { resources } of [yield* plan(wanted), yield* apply(wanted)]) {
        assert.deepEqual(resources[0]?.changed.toSorted(), ["EnableDnsSupport", "Tags"])
      }
      assert.deepEqual((yield* apply(wanted)).resources[0]?.changed, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("says so where a forma has nothing in an inventory that has something of others", () =>
    Effect.gen(function* () {
      const { apply, destroy, inventory, plan, target } = yield* makeShop
      assert.isUndefined((yield* plan(net())).note)
      assert.isUndefined((yield* destroy()).note)
      yield* apply(net())
      assert.isUndefined((yield* plan(net())).note)
      const note = "the state has no resources of a document shed; it has resources of: shop"
      assert.strictEqual((yield* plan(net(), target(), "shed")).note, note)
      assert.strictEqual((yield* destroy("shed")).note, note)
      assert.deepEqual(
        (yield* inventory).resources.map(({ forma, label }) => `${forma}/${label}`),
        ["shop/net"],
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what watches a command", () => {
  it.effect("learns before the first step what waits for what, and how long such operations took before", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const plans: Array<Extract<ChangeEvent, { _tag: "Planned" }>> = []
      const observe = (event: ChangeEvent) =>
        Effect.sync(() => void (event._tag === "Planned" ? plans.push(event) : undefined))
      yield* withPassingTime(agent.apply(formaOf("shop", target(), net()), { observe }))
      yield* withPassingTime(agent.apply(formaOf("shop", target(), { ...net(), ...block }), { observe }))
      assert.deepEqual(
        plans.map(({ changes, usual }) => [
          changes.map(({ dependsOn, label }) => [label, dependsOn]),
          usual.map(({ kind, type }) => `${kind} ${type}`),
        ]),
        [
          [[["net", []]], []],
          [
            [
              ["net", []],
              ["block", ["net"]],
            ],
            ["Create FakeAWS::EC2::VPC"],
          ],
        ],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("holds no step up: an observer that never returns, and nobody who takes the events", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const kept = yield* agent.events
      const forma = formaOf("shop", target(), { ...net(), ...block })
      const apply = yield* Effect.forkChild(withPassingTime(agent.apply(forma, { observe: () => Effect.never })))
      yield* Effect.yieldNow.pipe(
        Effect.andThen(agent.inventory),
        Effect.repeat({ until: ({ resources }) => resources.length === 2 }),
      )
      yield* Fiber.interrupt(apply)
      const seen = yield* Queue.clear(kept)
      assert.deepEqual([...new Set(seen.map(({ _tag }) => _tag))].slice(0, 3), ["Began", "Planned", "Started"])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect(
    "keeps nothing of the state: another command runs while an observer hangs, and an observer can run one",
    () =>
      Effect.gen(function* () {
        const { target } = yield* makeShop
        const agent = yield* Agent
        const forma = formaOf("shop", target(), net())
        const hanging = yield* Effect.forkChild(withPassingTime(agent.apply(forma, { observe: () => Effect.never })))
        assert.strictEqual((yield* withPassingTime(agent.apply(forma))).status, "succeeded")
        yield* Fiber.interrupt(hanging)
        let nested: string | undefined
        const observe = (event: ChangeEvent) =>
          event._tag === "Finished"
            ? Effect.map(Effect.exit(agent.apply(forma)), (exit) => void (nested = exit._tag))
            : Effect.void
        yield* withPassingTime(agent.apply(formaOf("shop", target(), net({ Tags: [] })), { observe }))
        assert.strictEqual(nested, "Success")
      }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("gets no more events once it throws, and the command continues", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      let events = 0
      const observe = () => Effect.sync(() => events++).pipe(Effect.andThen(Effect.die("the observer is broken")))
      const result = yield* withPassingTime(agent.apply(formaOf("shop", target(), net()), { observe }))
      assert.deepEqual([result.status, events], ["succeeded", 1])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("can be a stream, which ends with the result", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const seen = yield* withPassingTime(Stream.runCollect(agent.applyStream(formaOf("shop", target(), net()))))
      assert.deepEqual(
        seen.map(({ _tag }) => _tag),
        ["Began", "Planned", "Started", "Finished", "CommandFinished"],
      )
      const last = seen.at(-1)
      assert.strictEqual(last?._tag === "CommandFinished" && last.result.status, "succeeded")
      // As one line of JSON each, which is how a host passes them on.
      const line = Schema.fromJsonString(Schema.Union([ChangeEvent, CommandFinished]))
      const lines = yield* Effect.forEach(seen, (event) => Schema.encodeEffect(line)(event))
      assert.deepEqual(yield* Effect.forEach(lines, (text) => Schema.decodeEffect(line)(text)), seen)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("fails as a stream where the command is refused", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const forma = formaOf("shop", target(), { net: ["FakeAWS::EC2::VPC", { Cidr: "10.0.0.0/16" }] })
      const error = yield* Effect.flip(Stream.runDrain(agent.applyStream(forma)))
      assert.strictEqual(error._tag, "FormaInvalid")
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("a result", () => {
  it.effect("has what the provider has set, and no secret", () =>
    Effect.gen(function* () {
      const { target } = yield* makeShop
      const agent = yield* Agent
      const apply = (resources: Resources) => withPassingTime(agent.apply(formaOf("shop", target(), resources)))
      const secret: Resources = { hid: ["FakeAWS::SecretsManager::Secret", { Name: "hid", SecretString: "hunter2" }] }
      for (const result of [yield* apply({ ...net(), ...secret }), yield* apply({ ...net(), ...secret })]) {
        const [vpc, hidden] = result.resources
        assert.deepEqual(vpc?.outputs, { VpcId: vpc?.nativeId ?? "" })
        assert.sameMembers(Object.keys(hidden?.outputs ?? {}), ["Arn"])
        assert.notInclude(JSON.stringify(result), "hunter2")
      }
      const destroyed = yield* withPassingTime(agent.destroy("shop"))
      assert.deepEqual(
        destroyed.resources.map(({ outputs }) => outputs),
        [undefined, undefined],
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})
