import { assert, describe, it } from "@effect/vitest"
import { OperationId } from "formae/protocol"
import { changed, isMadeBy, visible, withOperation } from "../../../plugins/azure/src/Metadata.ts"

const operationId = OperationId.make("create ünique/1")

describe("metadata", () => {
  it("holds the operation in ASCII, hidden from users", () => {
    const metadata = withOperation({ team: "orders" }, operationId)
    assert.isTrue(isMadeBy(metadata, operationId))
    assert.isFalse(isMadeBy(metadata, OperationId.make("create")))
    assert.isFalse(isMadeBy(undefined, operationId))
    assert.match(Object.values(metadata).join(""), /^[ -~]*$/)
    assert.deepStrictEqual(visible(metadata), { team: "orders" })
    assert.isUndefined(visible(withOperation(undefined, operationId)))
  })

  const present = withOperation({ team: "orders" }, operationId)
  it.for([
    [{ Metadata: { cost: "shop" } }, [], undefined],
    [
      { Metadata: { cost: "shop" } },
      [{ op: "remove", path: "/Metadata/team" }],
      withOperation({ cost: "shop" }, operationId),
    ],
    [{}, [{ op: "remove", path: "/Metadata" }], withOperation({}, operationId)],
    [{}, [{ op: "remove", path: "/PublicAccess" }], undefined],
  ] as const)("with the update %j and %j becomes %j", ([desired, patch, all]) => {
    assert.deepStrictEqual(changed(present, { desired, patch }), all)
  })

  it("of a resource that formae did not create gets no operation by an update", () => {
    const patch = [{ op: "add", path: "/Metadata/a", value: "b" }] as const
    assert.deepStrictEqual(changed({ team: "theirs" }, { desired: { Metadata: { a: "b" } }, patch }), { a: "b" })
  })
})
