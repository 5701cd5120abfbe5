/** Operations on the plugin of the suite, from plain strings. */
import * as Effect from "effect/Effect"
import { NativeId, OperationId, RequestId, ResourceType } from "../../src/protocol/Identity.ts"
import { type ListRequest, Operation } from "../../src/protocol/Operation.ts"
import type { PluginOperator } from "../../src/protocol/PluginOperator.ts"
import type { InProgress } from "../../src/protocol/Progress.ts"
import type { PatchOperation, Properties } from "../../src/protocol/Resource.ts"

let lastOperation = 0

/** An operation id that is used only once. */
export const freshOperationId = () => OperationId.make(`op-${process.pid}-${++lastOperation}`)

const subject = (kind: string) => ({
  operationId: freshOperationId(),
  resourceType: ResourceType.make(`Suite::${kind}::Thing`),
  targetConfig: { region: "eu-west-1" },
  label: "it",
})

export const create = (kind: string, properties: Properties, more: { readonly targetConfig?: Properties } = {}) =>
  Operation.cases.Create.make({ ...subject(kind), properties, ...more })

export const read = (kind: string, nativeId: string) =>
  Operation.cases.Read.make({ ...subject(kind), nativeId: NativeId.make(nativeId) })

export const update = (
  kind: string,
  nativeId: string,
  change: { readonly prior: Properties; readonly desired: Properties; readonly patch: ReadonlyArray<PatchOperation> },
) => Operation.cases.Update.make({ ...subject(kind), nativeId: NativeId.make(nativeId), ...change })

export const remove = (kind: string, nativeId: string) =>
  Operation.cases.Delete.make({ ...subject(kind), nativeId: NativeId.make(nativeId) })

export const status = (kind: string, requestId: string) =>
  Operation.cases.Status.make({ ...subject(kind), requestId: RequestId.make(requestId) })

export const list = (
  kind: string,
  page: { readonly pageSize?: number; readonly pageToken?: string } = {},
): ListRequest => {
  const { label: _, ...request } = subject(kind)
  return { ...request, ...page }
}

export const unobserved = (_progress: InProgress) => Effect.void

/** An observer, and the progress that it has seen. */
export const makeObserver = () => {
  const seen: Array<InProgress> = []
  return { seen, observe: (progress: InProgress) => Effect.sync(() => void seen.push(progress)) }
}

/** Waits until this many creates of the slow resource have started in the handler, and been interrupted. */
export const awaitSlow = (
  operator: PluginOperator["Service"],
  name: string,
  counts: { readonly Started?: number; readonly Interrupted?: number },
) =>
  operator.perform(read("Slow", name), unobserved).pipe(
    Effect.repeat({
      until: (progress) =>
        progress.status === "Succeeded" &&
        Object.entries(counts).every(([key, count]) => progress.properties[key] === count),
    }),
  )

export const awaitStarted = (operator: PluginOperator["Service"], name: string) =>
  awaitSlow(operator, name, { Started: 1 })
