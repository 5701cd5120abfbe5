/** The plugins of this repository as processes, and calls to them. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { NativeId, OperationId, ResourceType } from "../../src/protocol/Identity.ts"
import { type ListRequest, Operation, type OperationKind } from "../../src/protocol/Operation.ts"
import type { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { pluginsFolder } from "../bundles/folders.ts"

export const layerPlugins = PluginCoordinator.layerProcesses([pluginsFolder]).pipe(
  Layer.provideMerge(NodeServices.layer),
)

/** An operator of a namespace, from the coordinator in the context. */
export const operatorOf = (namespace: string, operation: OperationKind = "Create") =>
  PluginCoordinator.use((coordinator) =>
    coordinator.operator({ namespace, resourceUri: "test/it", operation, operationId: OperationId.make("any") }),
  )

/** The target config of a new FakeAWS, which is deleted with the scope. */
export const fakeCloud = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const directory = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
  return { cloud: `${directory}/cloud.db`, region: "us-east-1", settleMillis: 20 }
})

let operations = 0

/** The calls of one operator on one resource type. */
export const callsOn = (operator: PluginOperator["Service"], type: string, targetConfig: Properties) => {
  const subject = () => ({
    operationId: OperationId.make(`op-${++operations}`),
    resourceType: ResourceType.make(type),
    targetConfig,
    label: "it",
  })
  const perform = (operation: Operation) => operator.perform(operation, () => Effect.void)
  return {
    create: (properties: Properties) => perform(Operation.cases.Create.make({ ...subject(), properties })),
    read: (nativeId: string) => perform(Operation.cases.Read.make({ ...subject(), nativeId: NativeId.make(nativeId) })),
    update: (nativeId: string, prior: Properties, desired: Properties) =>
      perform(
        Operation.cases.Update.make({
          ...subject(),
          nativeId: NativeId.make(nativeId),
          prior,
          desired,
          patch: [],
        }),
      ),
    delete: (nativeId: string) =>
      perform(Operation.cases.Delete.make({ ...subject(), nativeId: NativeId.make(nativeId) })),
    list: (page: Pick<ListRequest, "pageToken" | "pageSize"> = {}) => {
      const { label: _, ...request } = subject()
      return operator.list({ ...request, ...page })
    },
  }
}
