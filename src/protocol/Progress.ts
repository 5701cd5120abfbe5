/** What an operation reports on its way, and at its end. */
import * as Schema from "effect/Schema"
import { Failure } from "./ErrorCode.ts"
import { NativeId, RequestId } from "./Identity.ts"
import { JsonObject } from "./JsonObject.ts"

/** How often the operation itself (not its status) was sent to the provider. */
const attempts = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * The operation goes on: the provider has accepted the work (`requestId`), or
 * a call failed in a way that may pass and will be made again (`failure`).
 */
export const InProgress = Schema.Struct({
  status: Schema.Literal("InProgress"),
  attempts,
  requestId: Schema.optionalKey(RequestId),
  nativeId: Schema.optionalKey(NativeId),
  failure: Schema.optionalKey(Failure),
})
export type InProgress = typeof InProgress.Type

/** The end of an operation that did what it was to do. A delete has no properties. */
export const Succeeded = Schema.Struct({
  status: Schema.Literal("Succeeded"),
  attempts,
  nativeId: NativeId,
  properties: JsonObject,
})
export type Succeeded = typeof Succeeded.Type

/**
 * The end of an operation that did not. `nativeId` is there if the provider
 * gave one before it failed: the resource may exist in part.
 */
export const Failed = Schema.Struct({
  status: Schema.Literal("Failed"),
  attempts,
  failure: Failure,
  nativeId: Schema.optionalKey(NativeId),
})
export type Failed = typeof Failed.Type

export const Finished = Schema.Union([Succeeded, Failed])
export type Finished = typeof Finished.Type

export const Progress = Schema.Union([InProgress, Succeeded, Failed])
export type Progress = typeof Progress.Type

export const isFinished = (progress: Progress): progress is Finished => progress.status !== "InProgress"
