import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { fileURLToPath } from "node:url"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { OperationId } from "../../src/protocol/Identity.ts"
import { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import { operatorSuite } from "../operator/operatorSuite.ts"

const directory = fileURLToPath(new URL("../fixtures/plugins/suite", import.meta.url))

operatorSuite(
  "over a real child",
  Layer.effect(
    PluginOperator,
    Effect.gen(function* () {
      const coordinator = yield* PluginCoordinator
      return yield* coordinator.operator({
        namespace: "Suite",
        resourceUri: "forma/label",
        operation: "Create",
        operationId: OperationId.make("op"),
      })
    }).pipe(Effect.orDie),
  ).pipe(Layer.provide(PluginCoordinator.layerProcesses([directory])), Layer.provide(NodeServices.layer)),
  "real",
)
