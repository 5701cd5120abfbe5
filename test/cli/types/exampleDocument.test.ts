/** The examples of resource types: all are valid, and those of FakeAWS are applied. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plugin as aws } from "../../../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../../../plugins/azure/src/plugin.ts"
import { plugin as fakeAws } from "../../../plugins/fake-aws/src/plugin.ts"
import { Agent } from "../../../src/agent/Agent.ts"
import { decodeForma } from "../../../src/agent/forma/Forma.ts"
import { validateForma } from "../../../src/agent/plan/FormaExamination.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { exampleDocument } from "../../../src/cli/types/exampleDocument.ts"
import { formatType, shownType } from "../../../src/cli/types/formatType.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"
import { widthOf } from "../../../src/cli/textWidth.ts"
import { inProcess } from "../../../src/plugin/index.ts"
import type { TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
import { layerAgent, makeShop } from "../../agent/shop.ts"

const typesOf = (namespace: string) =>
  Effect.flatMap(PluginCoordinator, (coordinator) =>
    Effect.map(coordinator.capabilities(namespace, "all"), (types) => [...types.values()]),
  )

const layerPlugins = PluginCoordinator.layerInProcess([inProcess(aws), inProcess(azure), inProcess(fakeAws)])

const exampleIn = Effect.fnUntraced(function* (type: TypeCapabilities, types: ReadonlyArray<TypeCapabilities>) {
  const example = yield* exampleDocument(type, types)
  assert.isDefined(example, type.type)
  return example
})

describe("the example of a type", () => {
  it.effect("is valid, for each type of the plugins", () =>
    Effect.gen(function* () {
      for (const namespace of ["AWS", "Azure", "FakeAWS"]) {
        const types = yield* typesOf(namespace)
        assert.isAbove(types.length, 4)
        for (const type of types) {
          const example = yield* exampleIn(type, types)
          assert.include(
            example.resources.map((one) => one.type),
            type.type,
          )
          // What says where a resource lives has to be said, also where there are several ways to say it.
          assert.containsAllKeys(example.targets["example"]?.config ?? {}, [...type.targetIdentity])
          const forma = yield* decodeForma({ ...example, name: "example" })
          const mistakes = yield* Effect.match(validateForma(forma), {
            onSuccess: () => "",
            onFailure: ({ message }) => message,
          })
          assert.strictEqual(mistakes, "", type.type)
        }
      }
    }).pipe(Effect.provide(layerPlugins)),
  )

  it.effect("is applied as it is, for each type of FakeAWS", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const types = yield* typesOf("FakeAWS").pipe(Effect.provide(Layer.fresh(layerPlugins)))
      for (const type of types) {
        // A cloud of its own.
        const { target } = yield* makeShop
        const { resources, targets } = yield* exampleIn(type, types)
        const where = Object.fromEntries(
          Object.entries(targets).map(([name, one]) => [name, { ...one, config: target() }]),
        )
        const forma = yield* decodeForma({ name: type.type.replaceAll("::", "-"), targets: where, resources })
        const result = yield* withPassingTime(agent.apply(forma))
        assert.strictEqual(result.status, "succeeded", `${type.type}: ${JSON.stringify(result.resources)}`)
      }
    }).pipe(Effect.provide(layerAgent())),
  )
})

describe("what is shown of a type", () => {
  it.effect("says of each property what can be given, and fits the terminal", () =>
    Effect.gen(function* () {
      const types = yield* typesOf("FakeAWS")
      const secret = types.find(({ type }) => type === "FakeAWS::SecretsManager::Secret")
      assert.isDefined(secret)
      const shown = shownType(secret, yield* exampleDocument(secret, types))
      const byName = new Map(shown.properties.map((one) => [one.name, one]))
      assert.deepInclude(byName.get("Name"), { required: false, named: true, value: "string", output: false })
      assert.deepInclude(byName.get("SecretString"), { required: true, secret: true, writeOnly: true })
      assert.deepInclude(byName.get("Arn"), { output: true, value: "string" })
      const lines = linesToWrite(formatType(shown))
      assert.include(lines[0], "FakeAWS::SecretsManager::Secret")
      assert.match(lines.join("\n"), /^SecretString +string +required; secret; never read back$/m)
      assert.match(lines.join("\n"), /^Tags +list of object/m)
      assert.include(lines, "      SecretString: example")
      for (const type of types) {
        for (const line of linesToWrite(formatType(shownType(type, undefined), 60))) {
          assert.isAtMost(widthOf(line), 60, line)
        }
      }
    }).pipe(Effect.provide(layerPlugins)),
  )
})
