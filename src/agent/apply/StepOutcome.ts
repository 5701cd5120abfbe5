/** How the steps of a changeset ended, and the results of its changes. */
import type { NativeId } from "../../protocol/Identity.ts"
import type { Properties } from "../../protocol/Resource.ts"
import {
  changeErrorOf,
  type ChangeFailed,
  isCanceled,
  type StepFailure,
  stepFailureOf,
} from "../operations/ChangeFailed.ts"
import { type Change, type ChangeOperation, changeOperationOf } from "../plan/Change.ts"
import type { Step } from "../plan/StepOrder.ts"
import type { ChangeError } from "../records/ChangeError.ts"
import type { Crash } from "../records/JournalEntry.ts"
import { detailsOf, type ResourceResult } from "./ResourceResult.ts"
import type { StepResult } from "./StepResult.ts"

export interface StepOutcome {
  readonly operation: ChangeOperation
  readonly nativeId: NativeId | undefined
  readonly attempts: number
  readonly crashes: ReadonlyArray<Crash>
  readonly durationMillis: number
  /** What the provider has set, without secrets. Undefined where the resource was not ensured. */
  readonly outputs?: Properties
  /** Undefined where the step succeeded. */
  readonly failure: StepFailure | undefined
}

/** A step and how it ended. */
export interface EndedStep {
  readonly step: Step
  readonly outcome: StepOutcome
}

/** In the second step of a replace, the old resource is gone already. */
const nativeIdBefore = ({ action, change }: Step): NativeId | undefined =>
  change.operation === "replace" && action === "ensure" ? undefined : change.nativeId

export const succeeded = (
  { action, change }: Step,
  result: Extract<StepResult, { _tag: "Done" }>,
  durationMillis: number,
): StepOutcome => ({
  // A delete may turn out to have nothing to delete.
  operation: action === "remove" && result.operation === "delete" ? change.operation : result.operation,
  nativeId: action === "remove" ? change.nativeId : result.nativeId,
  attempts: result.attempts,
  crashes: result.crashes,
  durationMillis,
  ...(action === "remove" ? {} : { outputs: outputsOf(result) }),
  failure: undefined,
})

/** The properties in a result that are outputs. */
export const outputsOf = ({ outputs, properties }: Extract<StepResult, { _tag: "Done" }>): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => outputs.includes(name)))

export const failed = (step: Step, error: ChangeFailed, durationMillis: number): StepOutcome => ({
  operation: step.change.operation,
  nativeId: error.nativeId ?? nativeIdBefore(step),
  attempts: error.attempts,
  crashes: error.crashes ?? [],
  durationMillis,
  failure: stepFailureOf(error),
})

/** A step that was not begun. */
const notBegun = (step: Step, failure: StepFailure): StepOutcome => ({
  operation: step.change.operation,
  nativeId: nativeIdBefore(step),
  attempts: 0,
  crashes: [],
  durationMillis: 0,
  failure,
})

/** A step that was not begun because the command was asked to stop or cannot continue. The steps that need it are not begun either. */
export const canceled = (step: Step, message = "not begun, because the command was asked to stop"): StepOutcome =>
  notBegun(step, { reason: { _tag: "Canceled" }, message })

/** As `canceled`. If the provider is still working on the resource for an earlier command, it says so. */
export const stopped = (step: Step): StepOutcome => {
  const { blocked } = step.change
  if (blocked?.code !== "LeftUnderWay") return canceled(step)
  const { message, openOperation } = blocked
  const failure = { reason: { _tag: "LeftUnderWay" }, message } as const
  if (openOperation === undefined) return notBegun(step, failure)
  const operation = changeOperationOf[openOperation.kind]
  return { ...notBegun(step, { ...failure, openOperation }), operation }
}

/** A step that is not begun because of the steps that it needs. Undefined where it can begin. */
export const skipped = (step: Step, needed: ReadonlyArray<EndedStep>): StepOutcome | undefined => {
  const missing = needed.flatMap(({ outcome: { failure }, step: { change } }) =>
    failure === undefined ? [] : [{ label: change.label, failure }],
  )
  if (missing.length === 0) return undefined
  if (missing.every(({ failure }) => isCanceled(failure.reason))) {
    const first = missing.find(({ failure }) => failure.reason._tag === "Canceled")
    return canceled(step, first?.failure.message)
  }
  const labels = [...new Set(missing.map(({ label }) => label))]
  return notBegun(step, {
    reason: { _tag: "DependencyFailed" },
    message: `not tried, because ${labels.join(", ")} ${labels.length === 1 ? "has" : "have"} failed`,
  })
}

export const statusOf = (failure: StepFailure | undefined): ResourceResult["status"] =>
  failure === undefined ? "succeeded" : isCanceled(failure.reason) ? "canceled" : "failed"

export const errorOf = (failure: StepFailure | undefined): ChangeError | null =>
  failure === undefined ? null : changeErrorOf(failure)

/** The result of a change. The two steps of a replace have one result: that of the step that failed, or of both together. */
export const resultOf = (
  change: Change,
  parts: readonly [StepOutcome, ...ReadonlyArray<StepOutcome>],
): ResourceResult => {
  const { changed, label, type } = change
  const last = parts.find(({ failure }) => failure !== undefined) ?? parts.at(-1) ?? parts[0]
  return {
    label,
    type,
    operation: last.operation,
    status: statusOf(last.failure),
    nativeId: last.nativeId ?? null,
    attempts: parts.reduce((sum, { attempts }) => sum + attempts, 0),
    crashes: parts.flatMap(({ crashes }) => crashes),
    durationMillis: parts.reduce((sum, { durationMillis }) => sum + durationMillis, 0),
    error: errorOf(last.failure),
    changed: last.operation === "noop" ? [] : changed,
    ...detailsOf(change),
    ...(last.outputs === undefined ? {} : { outputs: last.outputs }),
  }
}
