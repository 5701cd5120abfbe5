import * as Schema from "effect/Schema"
import { checkIds } from "./CheckId.ts"

/**
 * `failed`: the plugin does not do what the protocol demands (MUST). `warned`:
 * it does not do what the protocol recommends (SHOULD). `skipped`: there was
 * nothing to look at; the result says why.
 */
export const CheckStatus = Schema.Literals(["passed", "failed", "warned", "skipped"])
export type CheckStatus = typeof CheckStatus.Type | never

/** What came of one check. It can be encoded as JSON. */
export class CheckResult extends Schema.Opaque<CheckResult>()(
  Schema.Struct({
    id: Schema.Literals(checkIds),
    /** The resource type; null for a check of the plugin as a whole. */
    type: Schema.NullOr(Schema.String),
    title: Schema.String,
    /** The heading in PROTOCOL.md that asks for it. */
    section: Schema.String,
    status: CheckStatus,
    durationMillis: Schema.Int,
    /** These three are there if the check failed or warned. */
    expected: Schema.optionalKey(Schema.String),
    seen: Schema.optionalKey(Schema.String),
    remedy: Schema.optionalKey(Schema.String),
    /** Why the check was skipped, or what is worth knowing about one that passed. */
    note: Schema.optionalKey(Schema.String),
  }),
) {}

/** A resource type of the plugin, and where its sample comes from. */
export const TestedType = Schema.Struct({
  type: Schema.String,
  /** `generated`: from the JSON Schema of the type, because it has no sample. */
  sample: Schema.Literals(["given", "generated", "none"]),
})

/**
 * What a run of the kit found. It can be encoded as JSON. `status` is `failed` if
 * any check failed; warnings do not count.
 */
export class ConformanceReport extends Schema.Opaque<ConformanceReport>()(
  Schema.Struct({
    plugin: Schema.String,
    namespace: Schema.String,
    version: Schema.String,
    status: Schema.Literals(["passed", "failed"]),
    types: Schema.Array(TestedType),
    checks: Schema.Array(CheckResult),
    durationMillis: Schema.Int,
    /** The resources that the run has made and could not delete. They have to be deleted by hand. */
    leftBehind: Schema.Array(Schema.Struct({ type: Schema.String, nativeId: Schema.String })),
  }),
) {}

export const countOf = ({ checks }: Pick<ConformanceReport, "checks">, status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length
