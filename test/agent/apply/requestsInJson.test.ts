import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Agent } from "../../../src/agent/Agent.ts"
import { ChangeEvents } from "../../../src/agent/apply/ChangeEvents.ts"
import { ResourceUpdater } from "../../../src/agent/apply/ResourceUpdater.ts"
import { StepRequest } from "../../../src/agent/apply/StepRequest.ts"
import { StepResult } from "../../../src/agent/apply/StepResult.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import { Claims } from "../../../src/agent/records/Claims.ts"
import { CommandJournal } from "../../../src/agent/records/CommandJournal.ts"
import { DocumentOutputs } from "../../../src/agent/records/DocumentOutputs.ts"
import { Documents } from "../../../src/agent/records/Documents.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { LastReads } from "../../../src/agent/records/LastReads.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { StateOwnership } from "../../../src/agent/records/StateOwnership.ts"
import { SecretValues } from "../../../src/agent/secrets/SecretValues.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property } from "../../../src/plugin/index.ts"
import { Namespace, ResourceType } from "../../../src/protocol/Identity.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"

const canary = "hunter2-in-clear"

/** Accounts with secrets in their properties and in their target, and the same under another type, where nothing is secret. */
const makeBank = () => {
  const reached = Deferred.makeUnsafe<void>()
  let hangs = true
  const accountOf = (type: string, Pin: typeof Schema.String) =>
    defineResource({
      type,
      idempotency: "name",
      target: Schema.Struct({ branch: Property.identity(Schema.String), key: Property.opaque(Schema.String) }),
      properties: Schema.Struct({ Pin }),
      create: ({ label, properties }) =>
        hangs
          ? Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
          : Effect.succeed(Answer.succeeded({ nativeId: label, properties })),
      read: () => Effect.succeed({ Pin: canary }),
      update: ({ desired, nativeId }) => Effect.succeed(Answer.succeeded({ nativeId, properties: desired })),
      delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
    })
  const types = [
    accountOf("Bank::Of::Account", Property.opaque(Schema.String)),
    accountOf("Bank::Of::Parameter", Schema.String),
  ]
  const plugin = inProcess(definePlugin({ name: "bank", namespace: "Bank", version: "1.0.0", types }))
  const answer = Effect.sync(() => void (hangs = false))
  return { answer, plugin, reached }
}

const formaOf = (type: string, Pin: string) => ({
  name: "bank",
  targets: { here: { namespace: Namespace.make("Bank"), config: { branch: "main", key: canary } } },
  resources: [{ label: "mine", type: ResourceType.make(type), target: "here", properties: { Pin } }],
})

/** The updater as it would be on another host: what enters it and what leaves it goes through JSON, which is kept. */
const layerThroughJson = (sent: Array<string>) =>
  Layer.effect(
    ResourceUpdater,
    Effect.gen(function* () {
      const updater = yield* ResourceUpdater
      const context = yield* Effect.context<SecretValues>()
      const send = <A, I>(schema: Schema.Codec<A, I, SecretValues, SecretValues>, value: A) => {
        const Text = Schema.fromJsonString(schema)
        return Schema.encodeEffect(Text)(value).pipe(
          Effect.tap((text) => Effect.sync(() => void sent.push(text))),
          Effect.flatMap(Schema.decodeEffect(Text)),
          Effect.orDie,
          Effect.provideContext(context),
        )
      }
      return ResourceUpdater.of({
        run: (request) =>
          send(StepRequest, request).pipe(
            Effect.flatMap(updater.run),
            Effect.flatMap((result) => send(StepResult, result)),
          ),
      })
    }),
  ).pipe(Layer.provide(ResourceUpdater.layerNoDeps))

const layerOf = (plugin: ReturnType<typeof makeBank>["plugin"], sent: Array<string>) =>
  Agent.layerNoDeps.pipe(
    Layer.provide(layerThroughJson(sent)),
    Layer.provide([
      ChangeEvents.layer,
      LastReads.layer,
      Claims.layer,
      DocumentOutputs.layer,
      Documents.layer,
      StopRequests.layer,
      SecretValues.layerNoDeps,
    ]),
    Layer.provide([OperationJournal.layer, CommandJournal.layerNoDeps, Inventory.layer]),
    Layer.provide(StateOwnership.layer),
    Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([plugin])]),
  )

describe("P11: requests and results of ResourceUpdater that are sent as JSON", () => {
  it.effect("have no secret in clear: in a create that is taken up, an update, another type, and a delete", () => {
    const { answer, plugin, reached } = makeBank()
    const sent: Array<string> = []
    return Effect.gen(function* () {
      const agent = yield* Agent
      const cutOff = yield* Effect.forkChild(agent.apply(formaOf("Bank::Of::Account", canary)))
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(cutOff)
      yield* answer
      const runs = [
        agent.apply(formaOf("Bank::Of::Account", canary)),
        agent.apply(formaOf("Bank::Of::Account", `${canary}-2`)),
        agent.apply(formaOf("Bank::Of::Parameter", "open")),
        agent.destroy("bank"),
      ]
      for (const run of runs) assert.strictEqual((yield* withPassingTime(run)).status, "succeeded")
      const tags = sent.map((text) => /"_tag":"(\w+)"/.exec(text)?.[1])
      for (const tag of ["TakeUp", "Ensure", "Remove", "Done"]) assert.include(tags, tag)
      for (const text of sent) assert.notInclude(text, canary)
    }).pipe(Effect.provide(layerOf(plugin, sent)))
  })
})
