import { assert, describe, it } from "@effect/vitest"
import { rmSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeObserver } from "../../../src/agent/apply/ChangeEvent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import type { Forma } from "../../../src/agent/forma/Forma.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, layerAgent, makeShop, nativeIdOf, outcomes, type Resources, shop } from "../shop.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

const quietly = () => Effect.void
const only = (...labels: ReadonlyArray<string>): Resources =>
  Object.fromEntries(labels.flatMap((label) => (shop[label] === undefined ? [] : [[label, shop[label]]])))

/** The provider does its work, and does not answer. */
const silentAfter = (label: string): Properties => ({ operation: "create", label, when: "after", action: "hang" })
const slow: Properties = { settleMillis: 10_000 }

/** Applies until something happens, and is cut off there. */
const cutOff = (forma: Forma, until: (event: ChangeEvent) => boolean) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const reached = yield* Deferred.make<void>()
    const apply = yield* Effect.forkChild(
      agent.apply(forma, (event) => (until(event) ? Effect.asVoid(Deferred.succeed(reached, undefined)) : Effect.void)),
    )
    yield* Deferred.await(reached)
    yield* Fiber.interrupt(apply)
  })

/** The same, once the cloud has made so many resources of which nobody has heard. */
const cutOffUnheard = (forma: Forma, resources: Effect.Effect<ReadonlyArray<unknown>, unknown>, count = 1) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const apply = yield* Effect.forkChild(agent.apply(forma, quietly))
    yield* Effect.yieldNow.pipe(
      // There is no cloud before its first call.
      Effect.andThen(Effect.catchCause(resources, () => Effect.succeed([]))),
      Effect.repeat({ until: (made) => made.length === count }),
    )
    yield* Fiber.interrupt(apply)
  })

const hasProgressed =
  (label: string) =>
  (event: ChangeEvent): boolean =>
    event._tag === "Progressed" && event.change.label === label

const resume = Effect.flatMap(Agent, (agent) => withPassingTime(agent.resume(quietly)))

const errorOf = ({ resources }: CommandResult, label: string) => resources.find((one) => one.label === label)?.error

describe("resume", () => {
  it.effect("says that there is nothing to do where nothing was cut off", () =>
    Effect.gen(function* () {
      const { apply } = yield* makeShop
      const nothing = { command: "resume", status: "succeeded", resources: [] } as const
      assert.deepEqual(yield* resume, nothing)
      yield* apply(only("net"))
      assert.deepEqual(yield* resume, nothing)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("goes on with an apply that was cut off: what is done is not done again", () =>
    Effect.gen(function* () {
      const { apply, resources, target, writes } = yield* makeShop
      const config = target({ faults: [silentAfter("block")] })
      const wanted = only("net", "block", "logs", "pictures")
      yield* cutOffUnheard(formaOf("shop", config, wanted), resources, 4)
      const resumed = yield* resume
      assert.strictEqual(resumed.status, "succeeded")
      assert.deepEqual(outcomes(resumed), ["net noop", "block create", "logs noop", "pictures noop"])
      assert.deepEqual(
        resumed.resources.map(({ forma }) => forma),
        ["shop", "shop", "shop", "shop"],
      )
      assert.lengthOf(yield* resources, 4)
      const before = yield* writes
      assert.isTrue((yield* apply(wanted, config)).resources.every(({ operation }) => operation === "noop"))
      assert.deepEqual(yield* writes, before)
      assert.deepEqual((yield* resume).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("asks for work that the provider had accepted, and does not send it again", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      // Sent again, a widget would be a second one.
      yield* cutOff(formaOf("shop", target(slow), only("old")), hasProgressed("old"))
      assert.deepEqual(outcomes(yield* resume), ["old create"])
      assert.lengthOf(yield* resources, 1)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("finds a create of which nobody has heard, and makes no second one", () =>
    Effect.gen(function* () {
      const { resources, target } = yield* makeShop
      // By token, by name, by tag.
      const unheard: Resources = {
        ...only("net", "pictures"),
        web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro" }],
      }
      const faults = Object.keys(unheard).map(silentAfter)
      yield* cutOffUnheard(formaOf("shop", target({ faults }), unheard), resources, 3)
      assert.deepEqual(outcomes(yield* resume), ["net create", "pictures create", "web create"])
      assert.lengthOf(yield* resources, 3)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("does not try again what had failed, nor what needs it; an apply does", () =>
    Effect.gen(function* () {
      const { apply, resources, target } = yield* makeShop
      const denied: Properties = {
        operation: "create",
        label: "net",
        when: "before",
        action: "error",
        code: "AccessDenied",
      }
      const config = target({ faults: [denied, silentAfter("alone")] })
      const wanted = only("net", "block", "alone")
      yield* cutOffUnheard(formaOf("shop", config, wanted), resources)
      const resumed = yield* resume
      assert.strictEqual(resumed.status, "failed")
      assert.deepEqual(outcomes(resumed), [
        "net create: AccessDenied",
        "block create: DependencyFailure",
        "alone create",
      ])
      assert.strictEqual(errorOf(resumed, "net")?.message, "a fault that the target asks for")
      // It has ended: there is nothing more to resume.
      assert.deepEqual((yield* resume).resources, [])
      const applied = yield* withPassingTime(apply(wanted, config))
      assert.deepEqual(outcomes(applied), ["net create", "block create", "alone noop"])
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what was cut off", () => {
  it.effect("is gone on with by an apply of another forma, which says so", () =>
    Effect.gen(function* () {
      const { apply, inventory, resources, target } = yield* makeShop
      const config = target({ faults: [silentAfter("net")] })
      yield* cutOffUnheard(formaOf("first", config, only("net", "block")), resources)
      const second = yield* withPassingTime(apply(only("alone"), target(), "second"))
      assert.deepEqual(outcomes(second), ["alone create"])
      assert.strictEqual(second.note, "the apply of first, which had been cut off, was resumed: succeeded, 2 resources")
      assert.deepEqual(
        (yield* inventory).resources.map(({ forma, label }) => `${forma} ${label}`),
        ["first block", "first net", "second alone"],
      )
      assert.isUndefined((yield* apply(only("alone"), target(), "second")).note)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is removed by a destroy, also where nobody has heard of it", () =>
    Effect.gen(function* () {
      const { destroy, inventory, resources, target } = yield* makeShop
      yield* cutOffUnheard(formaOf("shop", target({ faults: [silentAfter("net")] }), only("net")), resources)
      assert.deepEqual((yield* inventory).resources, [])
      assert.strictEqual((yield* withPassingTime(destroy())).status, "succeeded")
      assert.deepEqual(yield* resources, [])
      assert.deepEqual((yield* inventory).resources, [])
      assert.deepEqual((yield* resume).resources, [])
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is told by plan and inventory, which change nothing", () =>
    Effect.gen(function* () {
      const { inventory, plan, target, writes } = yield* makeShop
      const config = target(slow)
      yield* cutOff(formaOf("shop", config, only("net", "block")), hasProgressed("net"))
      const before = yield* inventory
      const note = `the apply of shop of 1970-01-01T00:00:00.000Z was cut off: "formae resume" continues it`
      assert.strictEqual(before.note, note)
      assert.strictEqual((yield* plan(only("net"), config)).note, note)
      assert.deepEqual(yield* inventory, before)
      assert.deepEqual(yield* writes, ["create EC2::VPC"])
      yield* resume
      assert.isUndefined((yield* inventory).note)
      assert.isUndefined((yield* plan(only("net"), config)).note)
    }).pipe(Effect.provide(layerAgent())),
  )
})

/** Each agent on a state file is a new one. */
const onStateFile =
  (file: string) =>
  <A, E, R>(use: Effect.Effect<A, E, R>) =>
    Effect.provide(
      use,
      Layer.fresh(
        Agent.layer.pipe(
          Layer.provide([Store.layerFile(file), PluginCoordinator.layerInProcess([inProcess(fakeAws)])]),
          Layer.provide(NodeServices.layer),
        ),
      ),
      { local: true },
    )

describe("a document with secrets", () => {
  const canary = "canary-41ac"
  const password: Resources = {
    password: ["FakeAWS::SecretsManager::Secret", { Name: "password", SecretString: canary }],
  }

  /** Cuts off an apply of it in a folder of its own. */
  const makeCutOff = Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const file = join(folder, "state.db")
    const onAgent = onStateFile(file)
    const { resources, target } = yield* onAgent(makeShop)
    const forma = formaOf("shop", target({ faults: [silentAfter("password")] }), password)
    yield* onAgent(cutOffUnheard(forma, resources))
    return { file, forma, onAgent, resources }
  })

  it.effect("is resumed with them, for the key lies beside the state", () =>
    Effect.gen(function* () {
      const { onAgent, resources } = yield* makeCutOff
      const resumed = yield* onAgent(resume)
      assert.deepEqual(outcomes(resumed), ["password create"])
      assert.lengthOf(yield* resources, 1)
      assert.strictEqual((yield* resources)[0]?.properties["SecretString"], canary)
    }),
  )

  it.effect("and whose key is gone says what to do, and that can be done", () =>
    Effect.gen(function* () {
      const { file, forma, onAgent, resources } = yield* makeCutOff
      rmSync(`${file}.key`)
      const error = yield* Effect.flip(onAgent(resume))
      assert.strictEqual(error._tag, "VaultUnavailable")
      assert.strictEqual(
        error.message,
        `The secrets of the journal can not be used: the key file ${file}.key is missing. Put the key back, or apply the document again: it has the secrets`,
      )
      const apply = onAgent(Effect.flatMap(Agent, (agent) => withPassingTime(agent.apply(forma, quietly))))
      const first = yield* apply
      // Whether the secret is the one that was sent can not be told without the key: a human says which resource it is.
      assert.deepEqual(outcomes(first), ["password create: VaultUnavailable"])
      assert.include(errorOf(first, "password")?.message, `"formae adopt password NATIVE_ID --forma shop"`)
      const [made] = yield* resources
      assert.isDefined(made)
      yield* onAgent(
        Effect.flatMap(Agent, (agent) => agent.adopt({ label: "password" }, NativeId.make(made.native_id))),
      )
      assert.deepEqual(outcomes(yield* apply), ["password update"])
      assert.deepEqual(outcomes(yield* apply), ["password noop"])
      assert.lengthOf(yield* resources, 1)
      assert.strictEqual((yield* resources)[0]?.properties["SecretString"], canary)
    }),
  )
})

describe("a command that can not be resumed now", () => {
  it.effect("does not stand in the way of the others, and says why", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const onAgent = onStateFile(file)
      const { resources, target } = yield* onAgent(makeShop)
      yield* onAgent(
        Effect.gen(function* () {
          const agent = yield* Agent
          yield* agent.apply(formaOf("second", target(), only("alone")), quietly)
          const stopAtOnce: ChangeObserver = (event) =>
            event._tag === "Began" ? Effect.asVoid(agent.stop(event.commandId)) : Effect.void
          const canceled = yield* agent.apply(formaOf("first", target(), only("net")), stopAtOnce)
          assert.strictEqual(canceled.status, "canceled")
          yield* TestClock.adjust("1 second")
          yield* agent.destroy("second", stopAtOnce)
        }),
      )
      rmSync(`${file}.key`)
      const resumed = yield* onAgent(resume)
      assert.strictEqual(resumed.status, "failed")
      assert.deepEqual(
        resumed.resources.map(({ forma, label, operation, status }) => `${forma} ${label} ${operation} ${status}`),
        ["second alone delete succeeded"],
      )
      assert.strictEqual(
        resumed.note,
        `cannot resume the apply of first now: The secrets of the journal can not be used: the key file ${file}.key is missing. Put the key back, or apply the document again: it has the secrets`,
      )
      assert.deepEqual(yield* resources, [])
      // There is nothing else to go on with, so that nothing was done.
      assert.strictEqual((yield* Effect.flip(onAgent(resume)))._tag, "VaultUnavailable")
    }),
  )
})

describe("a create of which nobody can tell what became of it", () => {
  const widgets = (name: string, config: Properties): Forma =>
    formaOf(name, config, {
      old: ["FakeAWS::Legacy::Widget", { Model: "m" }],
      needing: [
        "FakeAWS::S3::Bucket",
        { BucketName: `of-${name}`, Tags: [{ Key: "of", Value: { $ref: "old.WidgetId" } }] },
      ],
      alone: ["FakeAWS::EC2::VPC", { CidrBlock: "10.9.0.0/16" }],
    })

  /** An agent that was cut off after the provider had made the widget, and its forma. */
  const makeInDoubt = Effect.gen(function* () {
    const agent = yield* Agent
    const parts = yield* makeShop
    const config = parts.target({ faults: [silentAfter("old")] })
    const forma = widgets("shop", config)
    yield* cutOffUnheard(forma, parts.resources, 2)
    const apply = withPassingTime(agent.apply(forma, quietly))
    const made = Effect.map(parts.resources, (found) =>
      NativeId.make(found.find(({ type }) => type === "FakeAWS::Legacy::Widget")?.native_id ?? "none"),
    )
    return { ...parts, agent, apply, config, forma, made }
  })

  it.effect("needs a human, and stands in the way of those alone that need it", () =>
    Effect.gen(function* () {
      const { agent, apply, forma, resources } = yield* makeInDoubt
      for (const result of [yield* apply, yield* apply]) {
        assert.strictEqual(result.status, "failed")
        assert.deepEqual(outcomes(result).slice(0, 2), [
          "old create: NeedsAttention",
          "needing create: DependencyFailure",
        ])
        assert.isNull(errorOf(result, "alone"))
      }
      const planned = yield* agent.plan(forma)
      assert.strictEqual(planned.status, "failed")
      assert.deepEqual(outcomes(planned)[0], "old create: NeedsAttention")
      assert.deepEqual(outcomes(planned)[2], "alone noop")
      assert.isNotNull(errorOf(planned, "needing"))
      const { message = "" } = errorOf(planned, "old") ?? {}
      assert.include(message, '"formae adopt old NATIVE_ID --forma shop"')
      assert.include(message, '"formae forget old --forma shop"')
      // The widget, and what does not need it.
      assert.lengthOf(yield* resources, 2)
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is adopted by the native id that it has at the provider, and by no other", () =>
    Effect.gen(function* () {
      const { agent, apply, inventory, made, resources } = yield* makeInDoubt
      yield* resume
      const wrong = yield* Effect.flip(agent.adopt({ label: "old" }, NativeId.make("widget-0")))
      assert.strictEqual(wrong._tag, "OperationNotOpen")
      assert.strictEqual(wrong.message, "The provider has no FakeAWS::Legacy::Widget widget-0; nothing was changed")
      const id = yield* made
      const adopted = yield* agent.adopt({ label: "old", forma: "shop" }, id)
      assert.deepInclude(adopted, { command: "adopt", status: "succeeded" })
      assert.deepInclude(adopted.resources[0], { label: "old", forma: "shop", status: "succeeded", nativeId: id })
      assert.strictEqual(nativeIdOf(yield* inventory, "old"), id)
      assert.deepEqual(outcomes(yield* apply), ["old noop", "needing create", "alone noop"])
      assert.lengthOf(yield* resources, 3)
      const again = yield* Effect.flip(agent.adopt({ label: "old" }, id))
      assert.strictEqual(again.message, "There is nothing to settle for old; no operation is open")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is made anew once it is forgotten", () =>
    Effect.gen(function* () {
      const { agent, apply, inventory, made } = yield* makeInDoubt
      const first = yield* made
      yield* resume
      const forgotten = yield* agent.forget({ label: "old" })
      assert.deepInclude(forgotten, { command: "forget", status: "succeeded" })
      assert.notInclude(JSON.stringify(yield* inventory), '"old"')
      assert.deepEqual(outcomes(yield* apply), ["old create", "needing create", "alone noop"])
      assert.notStrictEqual(nativeIdOf(yield* inventory, "old"), first)
      assert.strictEqual((yield* Effect.flip(agent.forget({ label: "old" })))._tag, "OperationNotOpen")
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("has to be named so that one is meant", () =>
    Effect.gen(function* () {
      const { agent, config, resources, target } = yield* makeInDoubt
      yield* resume
      const unknown = yield* Effect.flip(agent.forget({ label: "new" }))
      assert.strictEqual(unknown.message, "There is nothing to settle for new; open are: shop/old")
      const elsewhere = yield* Effect.flip(agent.forget({ label: "old", forma: "other" }))
      assert.strictEqual(elsewhere.message, "There is nothing to settle for old; no operation is open")
      const faults = [{ ...silentAfter("old"), times: 2 }]
      yield* cutOffUnheard(widgets("other", { ...config, ...target({ faults }) }), resources, 4)
      const two = yield* Effect.flip(agent.forget({ label: "old" }))
      assert.strictEqual(two.message, "old is open in several formae, name one of them with --forma: shop, other")
      const forgotten = yield* agent.forget({ label: "old", forma: "other" })
      assert.deepInclude(forgotten.resources[0], { forma: "other" })
      assert.deepInclude((yield* agent.forget({ label: "old" })).resources[0], { forma: "shop" })
    }).pipe(Effect.provide(layerAgent())),
  )
})
