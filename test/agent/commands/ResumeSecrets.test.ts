import { assert, describe, it } from "@effect/vitest"
import { rmSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import { NativeId } from "../../../src/protocol/Identity.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { formaOf, makeShop, outcomes, type Resources } from "../shop.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"
import { cutOffUnanswered, errorOf, only, resume, silentAfter } from "./cutOff.ts"

/** Runs each effect with a new agent on the same state file. */
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

  /** Cuts off an apply of the document in a folder of its own. */
  const makeCutOff = Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const file = join(folder, "state.db")
    const onAgent = onStateFile(file)
    const { resources, target } = yield* onAgent(makeShop)
    const forma = formaOf("shop", target({ faults: [silentAfter("password")] }), password)
    yield* onAgent(cutOffUnanswered(forma, resources))
    return { file, forma, onAgent, resources }
  })

  it.effect("is resumed with them, because the key is next to the state", () =>
    Effect.gen(function* () {
      const { onAgent, resources } = yield* makeCutOff
      const resumed = yield* onAgent(resume)
      assert.deepEqual(outcomes(resumed), ["password create"])
      assert.lengthOf(yield* resources, 1)
      assert.strictEqual((yield* resources)[0]?.properties["SecretString"], canary)
    }),
  )

  it.effect("reports a remedy if the key is gone, and the remedy works", () =>
    Effect.gen(function* () {
      const { file, forma, onAgent, resources } = yield* makeCutOff
      rmSync(`${file}.key`)
      const error = yield* Effect.flip(onAgent(resume))
      assert.strictEqual(error._tag, "VaultUnavailable")
      assert.strictEqual(
        error.message,
        `The secrets of the journal cannot be used: the key file ${file}.key is missing. Restore the key, or apply the document again: it has the secrets`,
      )
      const apply = onAgent(Effect.flatMap(Agent, (agent) => withPassingTime(agent.apply(forma))))
      const first = yield* apply
      // Without the key it is not known whether the secret is the one that was sent, so a human has to find the resource.
      assert.deepEqual(outcomes(first), ["password create: VaultUnavailable"])
      const { message, openOperation } = errorOf(first, "password") ?? {}
      assert.match(message ?? "", /Without the key, look for the \S+ at the provider$/)
      assert.deepInclude(openOperation, { kind: "Create", forma: "shop", label: "password" })
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

describe("a command that cannot be resumed now", () => {
  it.effect("does not stop the others, and says why", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryFolder, "state.db")
      const onAgent = onStateFile(file)
      const { resources, target } = yield* onAgent(makeShop)
      yield* onAgent(
        Effect.gen(function* () {
          const agent = yield* Agent
          yield* agent.apply(formaOf("second", target(), only("alone")))
          const stopAtOnce = { stopWhen: Effect.void }
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
        `cannot resume the apply of first now: The secrets of the journal cannot be used: the key file ${file}.key is missing. Restore the key, or apply the document again: it has the secrets`,
      )
      const [note] = resumed.notes ?? []
      const { error = undefined } = note?._tag === "NotResumed" ? note : {}
      assert.strictEqual(error?.code, "VaultUnavailable")
      assert.deepInclude(error?.facts, { reason: `the key file ${file}.key is missing` })
      assert.deepEqual(yield* resources, [])
      // Nothing else can be resumed, so nothing was done.
      assert.strictEqual((yield* Effect.flip(onAgent(resume)))._tag, "VaultUnavailable")
    }),
  )
})
