import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Agent, PluginCoordinator } from "formae/agent"
import { inProcess } from "formae/plugin"
import type { TypeCapabilities } from "formae/protocol"
import { layerTestStore } from "formae/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { plugin as aws } from "../../../plugins/aws/src/plugin.ts"
import { plugin as azure } from "../../../plugins/azure/src/plugin.ts"
import { decodeForma } from "../../../src/agent/forma/Forma.ts"
import type { FormaDocument } from "../../../src/agent/forma/FormaDocument.ts"
import { azurite } from "../emulators/azurite.ts"
import { cosmosKey } from "../azure/AzureEmulator.ts"
import { cosmosdb } from "../emulators/cosmosdb.ts"
import { moto, needsMoto } from "../emulators/moto.ts"

const types = new Map<string, TypeCapabilities>(
  [...aws.types.values(), ...azure.types.values()].map(({ capabilities }) => [capabilities.type, capabilities]),
)
const documentOf = (cloud: string): FormaDocument =>
  parse(readFileSync(new URL(`../${cloud}/every-type.yaml`, import.meta.url), "utf8"))

/** The resources of every type, with no name that can be left out. */
const resources = ["aws", "azure"].flatMap((cloud) =>
  documentOf(cloud).resources.map(({ properties = {}, ...resource }) => ({
    ...resource,
    label: `${cloud}-${resource.label}`,
    properties: Object.fromEntries(
      Object.entries(
        JSON.parse(JSON.stringify(properties).replaceAll('"$ref":"', `"$ref":"${cloud}-`)) as object,
      ).filter(([name]) => types.get(resource.type)?.naming?.property !== name),
    ),
  })),
)
const fifo = { label: "fifo", type: "AWS::SQS::Queue", target: "aws", properties: { FifoQueue: true } }

describe("every type of AWS (moto) and Azure without names", needsMoto, () => {
  it.live("P8: is applied, found unchanged, found under other labels, and destroyed", () =>
    Effect.gen(function* () {
      const agent = yield* Agent
      const { endpoint } = yield* moto
      const { connectionString } = yield* azurite
      const cosmos = yield* cosmosdb
      const targets = {
        aws: { namespace: "AWS", config: { region: "us-east-1", endpoint } },
        azure: {
          namespace: "Azure",
          config: { connectionString, cosmosEndpoint: cosmos.endpoint, cosmosKey },
        },
      }
      const all = [...resources, fifo]
      const document = yield* decodeForma({ name: "every type", targets, resources: all })
      const applied = yield* agent.apply(document)
      const failed = applied.resources.filter(({ error }) => error !== null)
      assert.deepStrictEqual(failed, [])
      const idOf = (label: string) => applied.resources.find((one) => one.label === label)?.nativeId ?? ""
      assert.match(idOf("aws-pictures"), /^every-type-aws-pictures-[0-9a-z]{12}$/)
      assert.match(idOf("azure-people"), /^everytypeazurepeople[0-9a-z]{12}$/)
      assert.match(idOf("fifo"), /every-type-fifo-[0-9a-z]{12}\.fifo$/)
      const unchanged = (result: typeof applied) =>
        assert.deepStrictEqual(
          result.resources.filter(({ operation }) => operation !== "noop"),
          [],
        )
      unchanged(yield* agent.plan(document))

      const text = JSON.stringify(all).replaceAll(/("label":"|"\$ref":")/g, "$1new-")
      const moved = all.map(({ label }) => ({ from: label, to: `new-${label}` }))
      const renamed = yield* decodeForma({ name: "every type", targets, resources: JSON.parse(text), moved })
      const after = yield* agent.apply(renamed)
      unchanged(after)
      assert.deepStrictEqual(
        after.resources.map(({ nativeId }) => nativeId),
        applied.resources.map(({ nativeId }) => nativeId),
      )
      const gone = yield* agent.destroy({ name: "every type" })
      assert.deepStrictEqual(
        gone.resources.filter(({ error, operation }) => error !== null || operation !== "delete"),
        [],
      )
    }).pipe(
      Effect.provide(
        Layer.provide(Agent.layer, [
          PluginCoordinator.layerInProcess([inProcess(aws), inProcess(azure)]),
          layerTestStore,
        ]),
      ),
      Effect.scoped,
      Effect.provide(NodeServices.layer),
    ),
  )
})
