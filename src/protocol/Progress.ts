/** What an operation reports while it runs and when it ends. */
import * as Schema from "effect/Schema"
import { Failure } from "./ErrorCode.ts"
import { NativeId, RequestId } from "./Identity.ts"
import { HeldProperties } from "./HeldProperties.ts"

const attempts = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/**
 * The operation continues: the provider has accepted the work (`requestId`), or
 * a call failed in a way that may pass and will be made again (`failure`).
 */
export class InProgress extends Schema.Opaque<InProgress>()(
  Schema.Struct({
    status: Schema.Literal("InProgress"),
    /** How often the operation itself was sent to the provider. Status calls do not count. */
    attempts,
    /** Identifies the work that the provider has accepted. Absent if it has accepted none. */
    requestId: Schema.optionalKey(RequestId),
    /** Present if the provider has given one already. */
    nativeId: Schema.optionalKey(NativeId),
    /** The failure after which the call is made again. */
    failure: Schema.optionalKey(Failure),
  }),
) {}

/** The operation succeeded. The properties are what the provider has now; a delete has none. */
export class Succeeded extends Schema.Opaque<Succeeded>()(
  Schema.Struct({
    status: Schema.Literal("Succeeded"),
    /** How often the operation itself was sent to the provider. Status calls do not count. */
    attempts,
    /** The id that the provider gave the resource. */
    nativeId: NativeId,
    /** The properties that the provider has. Empty after a delete. */
    properties: HeldProperties,
  }),
) {}

/**
 * The operation failed. `nativeId` is present if the provider gave one before
 * the failure: the resource may exist in part.
 */
export class Failed extends Schema.Opaque<Failed>()(
  Schema.Struct({
    status: Schema.Literal("Failed"),
    /** How often the operation itself was sent to the provider. Status calls do not count. */
    attempts,
    /** Why it failed. */
    failure: Failure,
    /** Present if the resource may exist in part. */
    nativeId: Schema.optionalKey(NativeId),
  }),
) {}

/** The end of an operation, good or bad. */
export const Finished = Schema.Union([Succeeded, Failed]).annotate({
  expected: "progress with the status Succeeded or Failed",
})
export type Finished = typeof Finished.Type | never

/** Anything that an operation reports. */
export const Progress = Schema.Union([InProgress, Succeeded, Failed]).annotate({
  expected: "progress with the status InProgress, Succeeded or Failed",
})
export type Progress = typeof Progress.Type | never

/** Whether the operation has ended. */
export const isFinished = (progress: Progress): progress is Finished => progress.status !== "InProgress"
