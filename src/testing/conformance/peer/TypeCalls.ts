/** The calls of one resource type on a launch. Each answer is kept, for the secrets that must not be in it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { NativeId, type OperationId, type RequestId } from "../../../protocol/Identity.ts"
import { type ListRequest, Operation, type ListPage } from "../../../protocol/Operation.ts"
import type { OperatorError } from "../../../protocol/OperatorError.ts"
import type { ListFailed } from "../../../protocol/PluginRpcs.ts"
import type { ProgressObserver } from "../../../protocol/PluginOperator.ts"
import type { Failed, Finished, Succeeded } from "../../../protocol/Progress.ts"
import type { Recovery } from "../../../protocol/Recovery.ts"
import type { Properties, TargetConfig } from "../../../protocol/Resource.ts"
import { updateBasis } from "../../../agent/resources/Comparison.ts"
import { type Finding, show, mismatch } from "../report/Finding.ts"
import type { CurrentLaunch } from "./CurrentLaunch.ts"
import type { Subject } from "../samples/Subject.ts"

/** A resource that is there because of the run. */
export interface MadeResource {
  readonly subject: Pick<Subject, "type" | "target" | "capabilities">
  readonly nativeId: NativeId
}

/** What a run has made and not deleted again, and what it was told. */
export interface Traces {
  readonly made: Map<string, MadeResource>
  readonly answers: Array<{ readonly operation: string; readonly value: unknown }>
}

export const makeTraces = (): Traces => ({ made: new Map(), answers: [] })

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
  readonly delete: (nativeId: NativeId) => Effect.Effect<Finished, Finding>
  /** Goes on with the work of an operation: it has the operation's id. */
  readonly status: (
    operationId: OperationId,
    requestId: RequestId,
    nativeId: NativeId | undefined,
  ) => Effect.Effect<Finished, Finding>
  readonly recover: (operationId: OperationId, properties: Properties) => Effect.Effect<Recovery, Finding>
  readonly list: (page?: Pick<ListRequest, "pageToken" | "pageSize">) => Effect.Effect<ListPage, Finding | ListFailed>
  /** The native ids of all pages. */
  readonly listAll: Effect.Effect<ReadonlySet<NativeId>, Finding>
}

export interface TypeCallsOptions {
  readonly current: CurrentLaunch
  readonly subject: Pick<Subject, "type" | "target" | "capabilities">
  readonly traces: Traces
  readonly nextOperationId: () => OperationId
  readonly limitMillis: number
  readonly target?: TargetConfig
}

/** More pages than a check reads. */
const mostPages = 1_000

export const makeTypeCalls = (options: TypeCallsOptions): TypeCalls => {
  const { limitMillis, nextOperationId, current, subject, traces } = options
  const { capabilities, type } = subject
  const target = options.target ?? subject.target
  const about = (operationId: OperationId = nextOperationId()) => ({
    operationId,
    resourceType: type,
    targetConfig: target,
  })
  const named = (operationId?: OperationId) => ({ ...about(operationId), label: "conformance" })

  const madeIs = (nativeId: NativeId): void => {
    traces.made.set(`${type} ${nativeId}`, { subject: { type, target, capabilities }, nativeId })
  }
  const bounded = <A, E>(what: string, call: Effect.Effect<A, E>) =>
    Effect.timeoutOrElse(call, {
      duration: Duration.millis(limitMillis),
      orElse: () => Effect.fail(mismatch(`the end of ${what}`, `nothing within ${limitMillis} ms`)),
    })
  const keep =
    (operation: string) =>
    (value: unknown): Effect.Effect<void> =>
      Effect.sync(() => void traces.answers.push({ operation, value }))
  const failure = (operation: string) => (error: OperatorError | Finding) =>
    error._tag === "Finding" ? error : mismatch(`progress of ${operation}`, `${error._tag}: ${error.message}`)

  const perform = (operation: Operation, observe: ProgressObserver = () => Effect.void) =>
    Effect.flatMap(current, ({ operator }) =>
      bounded(
        operation._tag,
        operator.perform(operation, (progress) => {
          if (operation._tag === "Create" && progress.nativeId !== undefined) {
            madeIs(progress.nativeId)
          }
          return Effect.andThen(keep(operation._tag)(progress), observe(progress))
        }),
      ),
    ).pipe(
      Effect.tapError((error) => keep(operation._tag)(error.message)),
      Effect.mapError(failure(operation._tag)),
      Effect.tap(keep(operation._tag)),
      Effect.tap((end) =>
        Effect.sync(() => {
          if (operation._tag === "Delete" && end.status === "Succeeded")
            traces.made.delete(`${type} ${operation.nativeId}`)
          const makes = operation._tag === "Create" || operation._tag === "Status"
          // A create that failed with a native id says that the resource exists in part.
          if (makes && end.nativeId !== undefined) {
            madeIs(end.nativeId)
          }
        }),
      ),
    )

  const list: TypeCalls["list"] = (page = {}) =>
    Effect.flatMap(current, ({ operator }) => bounded("List", operator.list({ ...about(), ...page }))).pipe(
      Effect.mapError((error) => (error._tag === "ListFailed" ? error : failure("List")(error))),
      Effect.tapError((error) => keep("List")(error.message)),
      Effect.tap(keep("List")),
    )

  return {
    create: (operationId, properties, observe) =>
      perform(Operation.cases.Create.make({ ...named(operationId), properties }), observe),
    read: (nativeId) => perform(Operation.cases.Read.make({ ...named(), nativeId })),
    update: (nativeId, actual, from, to) =>
      perform(
        Operation.cases.Update.make({
          ...named(),
          nativeId,
          desired: to,
          ...updateBasis({ actual, desired: to, prior: from }, capabilities),
        }),
      ),
    delete: (nativeId) => perform(Operation.cases.Delete.make({ ...named(), nativeId })),
    status: (operationId, requestId, nativeId) =>
      perform(
        Operation.cases.Status.make({
          ...named(operationId),
          requestId,
          ...(nativeId === undefined ? {} : { nativeId }),
        }),
      ),
    recover: (operationId, properties) =>
      Effect.flatMap(current, ({ operator }) =>
        bounded("Recover", operator.recover({ ...named(operationId), properties })),
      ).pipe(Effect.mapError(failure("Recover")), Effect.tap(keep("Recover"))),
    list,
    listAll: Effect.gen(function* () {
      const found = new Set<NativeId>()
      let pageToken: string | undefined
      for (let pages = 0; pages < mostPages; pages++) {
        const page: ListPage = yield* Effect.mapError(list(pageToken === undefined ? {} : { pageToken }), listRefused)
        for (const nativeId of page.nativeIds) found.add(nativeId)
        if (page.nextPageToken === undefined) return found
        pageToken = page.nextPageToken
      }
      return yield* mismatch("a last page of List", `${mostPages} pages and still a next one`)
    }),
  }
}

export const listRefused = (error: Finding | ListFailed): Finding =>
  error._tag === "Finding" ? error : mismatch("a page of List", `ListFailed: ${error.message}`)

export const describeEnd = (end: Finished): string =>
  end.status === "Failed"
    ? `Failed, ${end.failure.code}: ${end.failure.message}`
    : `Succeeded: ${end.nativeId} with ${show(Object.keys(end.properties))}`

export const expectSuccess = (operation: string, end: Finished): Effect.Effect<Succeeded, Finding> =>
  end.status === "Succeeded"
    ? Effect.succeed(end)
    : Effect.fail(mismatch(`Succeeded from ${operation}`, describeEnd(end)))

export const expectFailure = (code: Failed["failure"]["code"], end: Finished): Effect.Effect<Failed, Finding> =>
  end.status === "Failed" && end.failure.code === code
    ? Effect.succeed(end)
    : Effect.fail(mismatch(`Failed with ${code}`, describeEnd(end)))

/** An id that no provider has given out. */
export const missingId = NativeId.make("formae-conformance-missing")
