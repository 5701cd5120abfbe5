import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as fakeAws } from "../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../src/agent/Agent.ts"
import { Catalog } from "../../src/agent/catalog/Catalog.ts"
import { PluginLauncher } from "../../src/agent/launch/PluginLauncher.ts"
import { PluginStartFailed } from "../../src/agent/launch/PluginStartFailed.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Quarantines } from "../../src/agent/supervision/Quarantines.ts"
import { inProcess } from "../../src/plugin/index.ts"
import { makeAdmission } from "../../src/agent/launch/Admission.ts"
import { makeLaunchTypes } from "../../src/agent/launch/LaunchTypes.ts"
import { supportedProtocol } from "../../src/protocol/Handshake.ts"
import { Cookie, Namespace, NodeName, ResourceType } from "../../src/protocol/Identity.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { entryOf } from "./supervision/supervised.ts"
import { formaOf, layerAgent, makeShop, shop } from "./shop.ts"

const linked = inProcess(fakeAws)
/** Launches FakeAWS, and fails to launch any other plugin. */
const halfLaunched = Layer.succeed(
  PluginLauncher,
  PluginLauncher.of({
    launch: Effect.fnUntraced(function* ({ entry: { entryPath, manifest }, generation, operatorSettings }) {
      if (manifest.name !== linked.name) {
        return yield* new PluginStartFailed({
          plugin: manifest.name,
          generation,
          entry: entryPath,
          cause: { _tag: "Exited", code: 1 },
          output: ["no such module"],
        })
      }
      const identity = {
        protocol: supportedProtocol.max,
        name: linked.name,
        namespace: linked.namespace,
        version: linked.version,
        node: NodeName.make("agent@localhost"),
        cookie: Cookie.make("linked"),
        pid: 1,
        types: linked.types,
      }
      return {
        ...(yield* Effect.orDie(linked.launch({ settings: operatorSettings }))),
        generation,
        ended: Effect.never,
        inFlight: () => [],
        admission: makeAdmission(64),
        identity,
        types: makeLaunchTypes(identity, () => Effect.succeed([])),
      }
    }),
  }),
)
const entries = Catalog.fromEntries([entryOf("fake-aws", "FakeAWS"), entryOf("suite", "Suite")])
const coordinator = PluginCoordinator.layerNoDeps().pipe(
  Layer.provide([halfLaunched, Layer.succeed(Catalog, entries), Quarantines.layerMemory]),
)

describe("a forma is refused before anything is done", () => {
  const mixed = (config: Properties) => {
    const forma = formaOf("shop", config, shop)
    return {
      ...forma,
      targets: { ...forma.targets, there: { namespace: Namespace.make("Suite") } },
      resources: [
        ...forma.resources,
        { label: "more", type: ResourceType.make("Suite::Of::Things"), target: "there", properties: {} },
      ],
    }
  }

  it.effect("if no plugin serves one of its namespaces", () =>
    Effect.gen(function* () {
      const { file, inventory, target } = yield* makeShop
      const agent = yield* Agent
      const error = yield* Effect.flip(agent.apply(mixed(target())))
      assert.strictEqual(error.message, "No plugin serves the namespace Suite; known namespaces: FakeAWS")
      assert.deepEqual((yield* inventory).resources, [])
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("if a plugin cannot be started", () => {
    return Effect.gen(function* () {
      const { file, inventory, target } = yield* makeShop
      const agent = yield* Agent
      const error = yield* Effect.flip(agent.apply(mixed(target())))
      assert.strictEqual(
        error.message,
        "The plugin suite did not start (/plugins/suite/main.js): it exited with code 1. It printed:\n  no such module",
      )
      assert.deepEqual((yield* inventory).resources, [])
      assert.isFalse(existsSync(file))
    }).pipe(
      Effect.provide(
        Layer.mergeAll(Agent.layer, Inventory.layer).pipe(Layer.provide([Store.layerMemory, coordinator])),
      ),
    )
  })

  it.effect("if a resource has a property that its type does not have", () =>
    Effect.gen(function* () {
      const { apply, file } = yield* makeShop
      const error = yield* Effect.flip(
        apply({ ...shop, old: ["FakeAWS::Legacy::Widget", { Model: "m", Colour: "red" }] }),
      )
      assert.strictEqual(error._tag, "FormaInvalid")
      assert.include(
        error.message,
        "FakeAWS::Legacy::Widget has no property Colour; the properties that it takes are: Model, Size, Tags",
      )
      assert.isFalse(existsSync(file))
    }).pipe(Effect.provide(layerAgent())),
  )
})
