/** Keys that every object inherits a value for are keys like any others. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as JsonPatch from "effect/JsonPatch"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { hasMoved } from "../../../src/agent/plan/ResourceLocation.ts"
import { compare, updateBasis } from "../../../src/agent/plan/Comparison.ts"
import { makePlan } from "../../../src/agent/plan/Plan.ts"
import { claimsOfChanges } from "../../../src/agent/plan/PlannedClaims.ts"
import { resolveReferences } from "../../../src/agent/forma/References.ts"
import { Seals, withoutSecrets } from "../../../src/agent/secrets/Seals.ts"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { supervisionOptionsOf } from "../../../src/agent/configuration/supervisionOptionsOf.ts"
import { changedCreateOnly } from "../../../src/plugin/changedCreateOnly.ts"
import { canonicalValue } from "../../../src/protocol/canonicalValue.ts"
import { pathTreeOf } from "../../../src/protocol/PathTree.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { capable, thing } from "./capabilities.ts"
import { byLabel, existing, wanted } from "./planned.ts"

const inherited = ["__proto__", "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"] as const
const Key = Schema.Literals(inherited)
const Value = Schema.Union([Schema.String, Schema.Finite, Schema.Record(Key, Schema.Literals(["a", "b"]))])

/** Not as `{ __proto__: value }`, which would set the prototype. */
const withKey = (key: string, value: Schema.Json): Properties => Object.fromEntries([[key, value]])

/** A plain copy: an arbitrary may make objects without a prototype. */
const jsonOf = (value: unknown): Schema.Json => JSON.parse(JSON.stringify(value))

const capabilitiesOf = (exact: boolean) => (exact ? { ...thing, paths: { "/Options": { exact: true } } } : thing)

describe.each(inherited)("the key %s", (key) => {
  it.prop(
    "is a difference where only one side has it, and none where both have",
    [Value, Schema.Boolean],
    ([made, exact]) => {
      const value = jsonOf(made)
      const capabilities = capabilitiesOf(exact)
      for (const place of [(inner: Properties) => inner, (inner: Properties): Properties => ({ Options: inner })]) {
        const has = place(withKey(key, value))
        const lacks = place({})
        const tagOf = (desired: Properties, prior: Properties, actual: Properties) =>
          compare({ desired, prior, actual, unknown: [] }, capabilities)._tag
        assert.strictEqual(tagOf(has, has, has), "Same")
        assert.strictEqual(tagOf(has, lacks, lacks), "Update")
        assert.strictEqual(tagOf(has, has, lacks), "Update")
        assert.strictEqual(tagOf(lacks, has, has), "Update")
        assert.strictEqual(tagOf(lacks, lacks, lacks), "Same")
      }
    },
  )

  it.prop("is in the patch of an update as it is wanted", [Value, Schema.Boolean], ([made, exact]) => {
    const value = jsonOf(made)
    const desired = { Options: withKey(key, value), ...withKey(key, value) }
    const { patch, prior } = updateBasis({ desired, prior: {}, actual: { Options: {} } }, capabilitiesOf(exact))
    assert.deepEqual(JsonPatch.apply(patch as JsonPatch.JsonPatch, prior), desired)
    const removal = updateBasis({ desired: { Options: {} }, prior: desired, actual: desired }, capabilitiesOf(exact))
    assert.deepEqual(JsonPatch.apply(removal.patch as JsonPatch.JsonPatch, removal.prior), { Options: {} })
  })

  it.prop("survives its canonical form, and references", [Value], ([made]) => {
    const properties = { Options: withKey(key, jsonOf(made)) }
    assert.deepEqual(canonicalValue(properties, pathTreeOf(capabilitiesOf(true))), properties)
    assert.deepEqual(resolveReferences(properties, () => undefined).properties, properties)
    const referring = { Options: withKey(key, { $ref: `a.${key}` }) }
    assert.deepEqual(resolveReferences(referring, () => "value").properties, { Options: withKey(key, "value") })
  })

  it("can be the name of a property that cannot be changed", () => {
    const fixed = {
      ...capable("Suite::Of::Fixed", {}),
      properties: Object.fromEntries([[key, capable("A::B::C", { A: ["createOnly"] }).properties["A"]]]),
    } as typeof thing
    assert.isUndefined(changedCreateOnly({ capabilities: fixed }, { desired: withKey(key, "a"), prior: {} }))
    assert.strictEqual(
      changedCreateOnly({ capabilities: fixed }, { desired: withKey(key, "a"), prior: withKey(key, "b") }),
      key,
    )
    assert.isUndefined(changedCreateOnly({ capabilities: thing }, { desired: withKey(key, "a"), prior: {} }))
    const [change] = makePlan(
      [wanted("a", withKey(key, "b"), { capabilities: fixed })],
      byLabel(existing("a", withKey(key, "a"))),
    )
    assert.strictEqual(change?.operation, "replace")
    assert.deepEqual(change && claimsOfChanges([change]).names, [`${fixed.type} ${key} b`])
  })

  it("can be the field of a target that says where resources are", () => {
    const capabilities = { ...thing, targetIdentity: [key] }
    const { row } = existing("a")
    const moved = (before: Properties, now: Properties) =>
      hasMoved({ ...row, targetConfig: before }, wanted("a", {}, { capabilities, targetConfig: now }))
    assert.isTrue(moved({}, withKey(key, "here")))
    assert.isTrue(moved(withKey(key, "there"), withKey(key, "here")))
    assert.isFalse(moved(withKey(key, "here"), withKey(key, "here")))
    assert.isFalse(moved({}, {}))
  })

  it.effect("can be the name of a secret", () =>
    Effect.gen(function* () {
      const seals = yield* Seals
      const secret = { ...thing, properties: Object.fromEntries([[key, thing.properties["Secret"]]]) } as typeof thing
      const sealed = yield* seals.seal(withKey(key, "canary"), secret)
      assert.notInclude(JSON.stringify(sealed), "canary")
      assert.deepEqual(yield* seals.open(sealed, {}), sealed)
      assert.deepEqual(yield* seals.open(sealed, withKey(key, "canary")), withKey(key, "canary"))
      assert.deepEqual(withoutSecrets(withKey(key, "canary"), secret), {})
      assert.deepEqual(withoutSecrets(withKey(key, "plain"), thing), withKey(key, "plain"))
    }).pipe(Effect.provide(Seals.layerNoDeps.pipe(Layer.provide(Vault.layerMemory)))),
  )

  it("can be the name of a plugin that the config does not mention", () => {
    const { settings = () => undefined, supervision } = supervisionOptionsOf({ plugin: {} })
    assert.isUndefined(settings(key))
    assert.deepEqual(supervision?.(key), supervision?.("fake"))
  })
})
