/** The calls of one resource type, as the checks make them. */
import * as Effect from "effect/Effect"
import type { Identification } from "../../../protocol/Identification.ts"
import { NativeId, type OperationId, type RequestId } from "../../../protocol/Identity.ts"
import { type ListRequest, Operation, type ListPage } from "../../../protocol/Operation.ts"
import type { ListFailed } from "../../../protocol/PluginRpcs.ts"
import type { ProgressObserver } from "../../../protocol/PluginOperator.ts"
import type { Finished } from "../../../protocol/Progress.ts"
import type { Recovery } from "../../../protocol/Recovery.ts"
import type { Properties, TargetConfig } from "../../../protocol/Resource.ts"
import { type CanonicalInput, compare, type Difference, updateBasis } from "../../../agent/plan/Comparison.ts"
import { type Finding, mismatch } from "../report/Finding.ts"
import type { CurrentLaunch } from "./CurrentLaunch.ts"
import { makeTracedOperator, type TracedOperatorOptions } from "./TracedOperator.ts"
import type { TypeAtTarget } from "./TypeAtTarget.ts"

export interface TypeCalls {
  readonly create: (
    operationId: OperationId,
    properties: Properties,
    observe?: ProgressObserver,
  ) => Effect.Effect<Finished, Finding>
  readonly read: (nativeId: NativeId) => Effect.Effect<Finished, Finding>
  readonly update: (
    nativeId: NativeId,
    actual: Properties,
    from: Properties,
    to: Properties,
  ) => Effect.Effect<Finished, Finding>
  /** What the agent's plan would find. */
  readonly compare: (compared: CanonicalInput) => Effect.Effect<Difference, Finding>
  /** The canonical forms that the plugin gives; the properties themselves if its type does not say that it gives any. */
  readonly canonicalize: (properties: ReadonlyArray<Properties>) => Effect.Effect<ReadonlyArray<Properties>, Finding>
  readonly delete: (nativeId: NativeId) => Effect.Effect<Finished, Finding>
  /** Continues the work of an operation, under the id of that operation. */
  readonly status: (
    operationId: OperationId,
    requestId: RequestId,
    nativeId: NativeId | undefined,
  ) => Effect.Effect<Finished, Finding>
  readonly recover: (operationId: OperationId, properties: Properties) => Effect.Effect<Recovery, Finding>
  /** Without properties, only the place is asked for. `target` is the same target in other words. */
  readonly identify: (
    properties: Properties | undefined,
    target?: TargetConfig,
  ) => Effect.Effect<Identification, Finding>
  readonly list: (page?: Pick<ListRequest, "pageToken" | "pageSize">) => Effect.Effect<ListPage, Finding | ListFailed>
  /** The native ids of all pages. */
  readonly listAll: Effect.Effect<ReadonlySet<NativeId>, Finding>
}

/** Makes the calls of a type on one launch, or on those that follow it. */
export type CallsOn = (current: CurrentLaunch) => (type: TypeAtTarget) => TypeCalls

export interface TypeCallsOptions extends TracedOperatorOptions {
  readonly nextOperationId: () => OperationId
}

export const makeTypeCalls = ({ nextOperationId, ...options }: TypeCallsOptions): TypeCalls => {
  const { capabilities, target, type } = options.type
  const operator = makeTracedOperator(options)
  const about = (operationId: OperationId = nextOperationId()) => ({
    operationId,
    resourceType: type,
    targetConfig: target,
  })
  const named = (operationId?: OperationId) => ({ ...about(operationId), label: "conformance" })
  const canonicalize: TypeCalls["canonicalize"] = (properties) =>
    capabilities.canonicalizes === true
      ? Effect.map(
          Effect.suspend(() =>
            operator.canonicalize({ operationId: nextOperationId(), resourceType: type, properties }),
          ),
          (answer) => answer.properties,
        )
      : Effect.succeed(properties)
  const withForms = (given: CanonicalInput) =>
    Effect.flatMap(
      canonicalize([given.desired, given.prior, given.actual]),
      ([desired, prior, actual, ...more]): Effect.Effect<CanonicalInput & { canonical: CanonicalInput }, Finding> =>
        desired === undefined || prior === undefined || actual === undefined || more.length > 0
          ? Effect.fail(mismatch("a canonical form for each of the properties", "more or fewer"))
          : Effect.succeed({ ...given, canonical: { desired, prior, actual } }),
    )
  const list: TypeCalls["list"] = (page = {}) => Effect.suspend(() => operator.list({ ...about(), ...page }))
  return {
    create: (operationId, properties, observe) =>
      operator.perform(Operation.cases.Create.make({ ...named(operationId), properties }), observe),
    read: (nativeId) => operator.perform(Operation.cases.Read.make({ ...named(), nativeId })),
    update: (nativeId, actual, from, to) =>
      Effect.flatMap(withForms({ actual, desired: to, prior: from }), (compared) =>
        operator.perform(
          Operation.cases.Update.make({
            ...named(),
            nativeId,
            desired: to,
            ...updateBasis(compared, capabilities),
          }),
        ),
      ),
    compare: (given) => Effect.map(withForms(given), (compared) => compare({ ...compared, unknown: [] }, capabilities)),
    canonicalize,
    delete: (nativeId) => operator.perform(Operation.cases.Delete.make({ ...named(), nativeId })),
    status: (operationId, requestId, nativeId) =>
      operator.perform(
        Operation.cases.Status.make({
          ...named(operationId),
          requestId,
          ...(nativeId === undefined ? {} : { nativeId }),
        }),
      ),
    recover: (operationId, properties) => operator.recover({ ...named(operationId), properties }),
    identify: (properties, targetConfig = target) =>
      Effect.suspend(() =>
        operator.identify({ ...about(), targetConfig, ...(properties === undefined ? {} : { properties }) }),
      ),
    list,
    listAll: readPages(list),
  }
}

/** The most pages that are read of a list. */
const maxPages = 1_000

const readPages = Effect.fnUntraced(function* (
  list: TypeCalls["list"],
): Effect.fn.Return<ReadonlySet<NativeId>, Finding> {
  const found = new Set<NativeId>()
  let pageToken: string | undefined
  for (let pages = 0; pages < maxPages; pages++) {
    const page: ListPage = yield* Effect.mapError(list(pageToken === undefined ? {} : { pageToken }), listFinding)
    for (const nativeId of page.nativeIds) found.add(nativeId)
    if (page.nextPageToken === undefined) return found
    pageToken = page.nextPageToken
  }
  return yield* mismatch("a last page of List", `a token for the next page after ${maxPages} pages`)
})

export const listFinding = (error: Finding | ListFailed): Finding =>
  error._tag === "Finding" ? error : mismatch("a page of List", `ListFailed: ${error.message}`)

/** An id that no provider has given to anything. */
export const missingId = NativeId.make("formae-conformance-missing")
