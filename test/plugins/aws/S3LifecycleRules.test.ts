import { assert, describe, it } from "@effect/vitest"
import { fromService, type Rule, toService } from "../../../plugins/aws/src/types/S3LifecycleRules.ts"

const enabled = { Status: "Enabled" as const, ExpirationInDays: 7 }
const tag = { Key: "state", Value: "done" }

describe("a rule of a bucket's lifecycle", () => {
  it.for<readonly [typeof Rule.Type, object]>([
    [enabled, { Prefix: "" }],
    [{ ...enabled, Prefix: "logs/" }, { Prefix: "logs/" }],
    [{ ...enabled, TagFilters: [tag] }, { Tag: tag }],
    [{ ...enabled, ObjectSizeGreaterThan: 0 }, { ObjectSizeGreaterThan: 0 }],
    [{ ...enabled, Prefix: "logs/", ObjectSizeLessThan: 9 }, { And: { Prefix: "logs/", ObjectSizeLessThan: 9 } }],
    [{ ...enabled, Prefix: "logs/", TagFilters: [tag] }, { And: { Prefix: "logs/", Tags: [tag] } }],
    [{ ...enabled, TagFilters: [tag, tag] }, { And: { Tags: [tag, tag] } }],
  ])("%j has the filter %j, and is the same when read back", ([rule, filter]) => {
    const given = toService(rule)
    assert.deepEqual(given.Filter, filter)
    assert.deepStrictEqual(fromService(given), { ...rule })
  })

  it("is the same when read back with all its settings", () => {
    const rule = {
      Id: "all",
      Status: "Disabled" as const,
      ExpiredObjectDeleteMarker: true,
      Transitions: [{ StorageClass: "GLACIER" as const, TransitionInDays: 30 }],
      NoncurrentVersionExpiration: { NoncurrentDays: 9, NewerNoncurrentVersions: 2 },
      NoncurrentVersionTransitions: [{ StorageClass: "STANDARD_IA" as const, TransitionInDays: 3 }],
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    }
    assert.deepStrictEqual(fromService(toService(rule)), rule)
  })

  it("in the old format has its prefix outside the filter", () => {
    assert.deepStrictEqual(fromService({ Status: "Enabled", Prefix: "old/" }), { Status: "Enabled", Prefix: "old/" })
  })
})
