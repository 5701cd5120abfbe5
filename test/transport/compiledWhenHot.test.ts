import { assert, describe, it, vi } from "@effect/vitest"
import { useUntilCompiled } from "./hotCodec.ts"

describe("compiledWhenHot", () => {
  it("makes a codec at its first use, and again when it has been used often, and both do the same", async () => {
    const { after, before, made } = await useUntilCompiled()
    assert.deepEqual(made, [1, 2])
    assert.deepEqual(after, before)
    assert.deepEqual(before[1], { name: "a", size: 1 })
    assert.include(String(before[2]), "Expected string")
  })

  it("leaves the codec as it is where no code may be made from strings", async () => {
    const forbidden = vi.fn<() => never>(() => {
      throw new EvalError("Code generation from strings disallowed for this context")
    })
    vi.stubGlobal("Function", forbidden)
    try {
      const { after, before } = await useUntilCompiled()
      assert.deepEqual(after, before)
      assert.isAbove(forbidden.mock.calls.length, 0)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
