import { assert, describe, it } from "@effect/vitest"
import { OperationKeys } from "formae/plugin"
import { OperationId } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { changed, isMadeBy, refuseHidden, visible, withOperation } from "../../../plugins/azure/src/Metadata.ts"
import { MetadataKeys, ownKey } from "../../../plugins/azure/src/MetadataKeys.ts"
import { plugin } from "../../../plugins/azure/src/plugin.ts"

const operationId = OperationId.make("create ünique/1")
const keys = OperationKeys.from(ownKey)

describe("metadata", () => {
  it("holds the operation in ASCII, hidden from users", () => {
    const metadata = withOperation({ team: "orders" }, operationId, keys)
    assert.isTrue(isMadeBy(metadata, operationId, keys))
    assert.isFalse(isMadeBy(metadata, OperationId.make("create"), keys))
    assert.isFalse(isMadeBy(undefined, operationId, keys))
    assert.match(Object.values(metadata).join(""), /^[ -~]*$/)
    assert.deepStrictEqual(visible(metadata, keys), { team: "orders" })
    assert.isUndefined(visible(withOperation(undefined, operationId, keys), keys))
  })

  const present = withOperation({ team: "orders" }, operationId, keys)
  it.effect.each([
    [{ Metadata: { cost: "shop" } }, [], undefined],
    [
      { Metadata: { cost: "shop" } },
      [{ op: "remove", path: "/Metadata/team" }],
      withOperation({ cost: "shop" }, operationId, keys),
    ],
    [{}, [{ op: "remove", path: "/Metadata" }], withOperation({}, operationId, keys)],
    [{}, [{ op: "remove", path: "/PublicAccess" }], undefined],
  ] as const)("with the update %j and %j becomes %j", ([desired, patch, all]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(present, { desired, patch }, keys), all)
    }),
  )

  it.effect("of a resource that formae did not create gets no operation by an update", () =>
    Effect.gen(function* () {
      const patch = [{ op: "add", path: "/Metadata/a", value: "b" }] as const
      const request = { desired: { Metadata: { a: "b" } }, patch }
      assert.deepStrictEqual(yield* changed({ team: "theirs" }, request, keys), { a: "b" })
    }),
  )
})

const keysWith = (tags: object) =>
  Effect.provide(MetadataKeys, Layer.fresh(plugin.layerOf(Redacted.make({ tags } as never))))

describe("the name of the entry in the settings", () => {
  it.effect.each([
    [{ prefix: "acme_" }, "acme_formae_operation_id"],
    [{ name: "operation" }, "operation"],
    [{ prefix: "acme_", name: "operation" }, "acme_operation"],
    [{}, "formae_operation_id"],
  ] as const)("%j: it is %s, and the others still count", ([tags, current]) =>
    Effect.gen(function* () {
      const keys = yield* keysWith({ ...tags, earlier: ["before"] })
      const metadata = withOperation({ team: "orders" }, operationId, keys)
      assert.deepStrictEqual(Object.keys(metadata), ["team", current])
      for (const key of [current, "formae_operation_id", "before"]) {
        const found = { team: "orders", [key]: metadata[current] ?? "" }
        assert.isTrue(isMadeBy(found, operationId, keys))
        assert.deepStrictEqual(visible(found, keys), { team: "orders" })
        const request = { desired: {}, patch: [{ op: "remove", path: "/Metadata" }] } as const
        assert.deepStrictEqual(yield* changed(found, request, keys), { [key]: metadata[current] })
        const refused = yield* Effect.flip(refuseHidden({ [key]: "mine" }, keys))
        assert.strictEqual(
          refused.message,
          `Metadata: ${key} is a name under which formae writes its operation ids, by the settings of the plugin azure: give the entry another name`,
        )
        const patch = [{ op: "add", path: `/Metadata/${key}`, value: "mine" }] as const
        yield* Effect.flip(changed(found, { desired: { Metadata: { [key]: "mine" } }, patch }, keys))
      }
    }),
  )

  it.effect.each([{ prefix: "acme:" }, { name: "Operation" }, { name: "" }, { name: "9" }, { earlier: ["a-b"] }])(
    "%j is refused in the handshake",
    (tags) =>
      Effect.gen(function* () {
        const refused = yield* Effect.flip(keysWith(tags))
        assert.strictEqual(
          refused.message,
          "The settings of the plugin azure are wrong: tags: Expected a metadata name of at most 128 lower case letters, digits and underscores, that does not begin with a digit",
        )
      }),
  )
})
