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
    /** Which check. */
    id: Schema.Literals(checkIds),
    /** The resource type; null for a check of the plugin as a whole. */
    type: Schema.NullOr(Schema.String),
    /** What it looked at, as a sentence. */
    title: Schema.String,
    /** The heading in PROTOCOL.md that asks for it. */
    section: Schema.String,
    /** What came of it. */
    status: CheckStatus,
    /** How long it took, in milliseconds. */
    durationMillis: Schema.Int,
    /** These three are there if the check failed or warned. */
    expected: Schema.optionalKey(Schema.String),
    /** What the plugin did. */
    seen: Schema.optionalKey(Schema.String),
    /** What its author can do about it. */
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
    /** The name of the plugin. */
    plugin: Schema.String,
    /** The namespace that it serves. */
    namespace: Schema.String,
    /** The version of the plugin. */
    version: Schema.String,
    /** `failed` if any check failed; warnings do not count. */
    status: Schema.Literals(["passed", "failed"]),
    /** Its resource types, and where the sample of each comes from. */
    types: Schema.Array(TestedType),
    /** The result of each check, in the order in which they ran. */
    checks: Schema.Array(CheckResult),
    /** How long the run took, in milliseconds. */
    durationMillis: Schema.Int,
    /** The resources that the run has made and could not delete. They have to be deleted by hand. */
    leftBehind: Schema.Array(Schema.Struct({ type: Schema.String, nativeId: Schema.String })),
  }),
) {}

export const countOf = ({ checks }: Pick<ConformanceReport, "checks">, status: CheckStatus): number =>
  checks.filter((check) => check.status === status).length
