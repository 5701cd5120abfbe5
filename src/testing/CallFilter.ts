/** Filters that pick calls of a plugin's handlers. */
import type { OperationKind } from "../protocol/Operation.ts"
import type { NumberedCall } from "./CallNumbers.ts"

/**
 * Picks the calls that a fault strikes. Any function of a call is a filter:
 *
 *     ({ kind, label, launch }) => kind === "Create" && label === "web" && launch <= 2
 */
export type CallFilter = (call: NumberedCall) => boolean

/** Every call of this kind. */
export const everyCall =
  (kind: OperationKind): CallFilter =>
  (call) =>
    call.kind === kind

/** The nth call of this kind, counted from 1 over all launches of the plugin. */
export const nthCall =
  (kind: OperationKind, n: number): CallFilter =>
  (call) =>
    call.kind === kind && call.number === n

/** The nth call of this kind in each launch of the plugin, counted from 1. */
export const nthCallOfLaunch =
  (kind: OperationKind, n: number): CallFilter =>
  (call) =>
    call.kind === kind && call.numberInLaunch === n

/** The first `count` calls of this kind, counted over all launches of the plugin. */
export const firstCalls =
  (kind: OperationKind, count: number): CallFilter =>
  (call) =>
    call.kind === kind && call.number <= count
