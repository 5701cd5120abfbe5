/** The operator of the current launch. Each call has a bound; its answers, and what it made, are kept. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { CanonicalizeRequest, CanonicalProperties } from "../../../protocol/Canonicalization.ts"
import type { Identification, IdentifyRequest } from "../../../protocol/Identification.ts"
import type { NativeId } from "../../../protocol/Identity.ts"
import type { ListPage, ListRequest, Operation } from "../../../protocol/Operation.ts"
import type { OperatorError } from "../../../protocol/OperatorError.ts"
import type { ListFailed } from "../../../protocol/PluginRpcs.ts"
import type { ProgressObserver } from "../../../protocol/PluginOperator.ts"
import type { Finished } from "../../../protocol/Progress.ts"
import type { Recovery, RecoverRequest } from "../../../protocol/Recovery.ts"
import { type Finding, mismatch, skip } from "../report/Finding.ts"
import type { CurrentLaunch } from "./CurrentLaunch.ts"
import type { Traces } from "./Traces.ts"
import type { TypeAtTarget } from "./TypeAtTarget.ts"

export interface TracedOperator {
  readonly perform: (operation: Operation, observe?: ProgressObserver) => Effect.Effect<Finished, Finding>
  readonly recover: (request: RecoverRequest) => Effect.Effect<Recovery, Finding>
  readonly canonicalize: (request: CanonicalizeRequest) => Effect.Effect<CanonicalProperties, Finding>
  /** Skips the check of a plugin that does not know the call. */
  readonly identify: (request: IdentifyRequest) => Effect.Effect<Identification, Finding>
  readonly list: (request: ListRequest) => Effect.Effect<ListPage, Finding | ListFailed>
}

export interface TracedOperatorOptions {
  readonly current: CurrentLaunch
  readonly type: TypeAtTarget
  readonly traces: Traces
  /** How long a call may take, in milliseconds. */
  readonly limitMillis: number
}

export const makeTracedOperator = ({
  current,
  limitMillis,
  traces,
  type: { capabilities, target, type },
}: TracedOperatorOptions): TracedOperator => {
  const bound = <A, E>(operation: string, call: Effect.Effect<A, E>) =>
    Effect.timeoutOrElse(call, {
      duration: Duration.millis(limitMillis),
      orElse: () => Effect.fail(mismatch(`the end of ${operation}`, `nothing within ${limitMillis} ms`)),
    })
  const keep =
    (operation: string) =>
    (value: unknown): Effect.Effect<void> =>
      Effect.sync(() => traces.addAnswer({ operation, value }))
  const addMade = (nativeId: NativeId): void => traces.addMade({ type, capabilities, target, nativeId })

  const keepEnd = (operation: Operation, end: Finished) =>
    Effect.sync(() => {
      if (operation._tag === "Delete" && end.status === "Succeeded") {
        traces.removeMade({ type, nativeId: operation.nativeId })
      }
      const makes = operation._tag === "Create" || operation._tag === "Status"
      // A create that failed with a native id says that the resource exists in part.
      if (makes && end.nativeId !== undefined) addMade(end.nativeId)
    })

  return {
    perform: (operation, observe = () => Effect.void) =>
      Effect.flatMap(current, ({ operator }) =>
        bound(
          operation._tag,
          operator.perform(operation, (progress) => {
            if (operation._tag === "Create" && progress.nativeId !== undefined) addMade(progress.nativeId)
            return Effect.andThen(keep(operation._tag)(progress), observe(progress))
          }),
        ),
      ).pipe(
        Effect.tapError((error) => keep(operation._tag)(error.message)),
        Effect.mapError(toFinding(operation._tag)),
        Effect.tap(keep(operation._tag)),
        Effect.tap((end) => keepEnd(operation, end)),
      ),
    recover: (request) =>
      Effect.flatMap(current, ({ operator }) => bound("Recover", operator.recover(request))).pipe(
        Effect.mapError(toFinding("Recover")),
        Effect.tap(keep("Recover")),
      ),
    canonicalize: (request) =>
      Effect.flatMap(current, ({ operator }) => bound("Canonicalize", operator.canonicalize(request))).pipe(
        Effect.mapError(toFinding("Canonicalize")),
      ),
    identify: (request) =>
      Effect.flatMap(current, ({ operator }) => bound("Identify", operator.identify(request))).pipe(
        Effect.tapError((error) => keep("Identify")(error.message)),
        Effect.mapError((error) => {
          if (error._tag === "OperationNotSupported") return skip("the plugin does not identify resources of this type")
          return error._tag === "IdentifyFailed"
            ? mismatch("the place of the resource", `IdentifyFailed: ${error.message}`)
            : toFinding("Identify")(error)
        }),
        Effect.tap(keep("Identify")),
      ),
    list: (request) =>
      Effect.flatMap(current, ({ operator }) => bound("List", operator.list(request))).pipe(
        Effect.mapError((error) => (error._tag === "ListFailed" ? error : toFinding("List")(error))),
        Effect.tapError((error) => keep("List")(error.message)),
        Effect.tap(keep("List")),
      ),
  }
}

const toFinding =
  (operation: string) =>
  (error: OperatorError | Finding): Finding =>
    error._tag === "Finding" ? error : mismatch(`progress of ${operation}`, `${error._tag}: ${error.message}`)
