import type { NativeId, OperationId, RequestId } from "../../../../protocol/Identity.ts"
import type { Properties } from "../../../../protocol/Resource.ts"
import type { Subject } from "../../samples/Subject.ts"
import type { Known } from "./countTwins.ts"

/** A create whose launch was killed before the agent had heard of its end. */
export interface CutCreate {
  readonly operationId: OperationId
  readonly properties: Properties
  /** What the plugin had reported before the launch was killed; undefined if nothing. */
  readonly reported: { readonly nativeId?: NativeId; readonly requestId?: RequestId } | undefined
}

/**
 * The two creates of a type that were cut off. The provider has done all or
 * some of the first one, and the check assumes that the agent never got the
 * answer; the second one was cut off wherever it happened to be.
 */
export interface CutCreates {
  readonly subject: Subject
  /** The resources of the type that there were before. */
  readonly before: Known
  readonly begun: CutCreate
  /** Undefined if a second one cannot be made, or could not be found again. */
  readonly anywhere: CutCreate | undefined
}
