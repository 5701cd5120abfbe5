/** What the kit found, as data. */
import * as Schema from "effect/Schema"
import { checkIds } from "./CheckId.ts"

/** `warned`: what the protocol says should be, and is not. `skipped`: could not be looked at, and why. */
export const CheckStatus = Schema.Literals(["passed", "failed", "warned", "skipped"])
export type CheckStatus = typeof CheckStatus.Type

export const CheckResult = Schema.Struct({
  id: Schema.Literals(checkIds),
  /** The resource type, or null where it is about the plugin as a whole. */
  type: Schema.NullOr(Schema.String),
  title: Schema.String,
  /** The heading in PROTOCOL.md that it comes from. */
  section: Schema.String,
  status: CheckStatus,
  durationMillis: Schema.Int,
  /** Where it failed, or warns. */
  expected: Schema.optionalKey(Schema.String),
  seen: Schema.optionalKey(Schema.String),
  remedy: Schema.optionalKey(Schema.String),
  /** Why it was skipped, or what is worth knowing of a check that passed. */
  note: Schema.optionalKey(Schema.String),
})
export type CheckResult = typeof CheckResult.Type

export const TestedType = Schema.Struct({
  type: Schema.String,
  /** `generated`: from the type's JSON Schema, because there is no sample of it. */
  sample: Schema.Literals(["given", "generated", "none"]),
})

export const ConformanceReport = Schema.Struct({
  plugin: Schema.String,
  namespace: Schema.String,
  version: Schema.String,
  status: Schema.Literals(["passed", "failed"]),
  types: Schema.Array(TestedType),
  checks: Schema.Array(CheckResult),
  durationMillis: Schema.Int,
  /** Native ids of what the run has made and could not delete: it is for whoever runs it to do so. */
  leftBehind: Schema.Array(Schema.Struct({ type: Schema.String, nativeId: Schema.String })),
})
export type ConformanceReport = typeof ConformanceReport.Type

export const countOf = ({ checks }: Pick<ConformanceReport, "checks">, status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length
