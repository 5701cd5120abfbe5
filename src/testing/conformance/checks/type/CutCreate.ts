import type { NativeId, OperationId, RequestId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import type { Subject } from "../../samples/Subject.ts"

/** A create whose launch was killed before the agent had heard of its end. */
export interface CutCreate {
  readonly operationId: OperationId
  readonly properties: Properties
  /** What was told of it before the launch was killed. */
  readonly told: { readonly nativeId?: NativeId; readonly requestId?: RequestId } | undefined
}

/**
 * The two creates of a type that were cut off: one of which the provider has
 * done all or some, and whose answer the agent is taken not to have had; and
 * one that was cut off wherever it happened to be.
 */
export interface CutCreates {
  readonly subject: Subject
  /** What there was before them. */
  readonly before: ReadonlySet<NativeId>
  readonly begun: CutCreate
  /** Absent where a second one can not be made, or could not be found again. */
  readonly anywhere: CutCreate | undefined
}
