import { assert, describe, it, vi } from "@effect/vitest"
import { millisBeforeCompiling } from "../../src/transport/compiledWhenHot.ts"
import { useUntilCompiled } from "./hotCodec.ts"

describe("compiledWhenHot", () => {
  it("makes a codec at its first use, and again when it has been used often, and both do the same", async () => {
    const { after, before, made } = await useUntilCompiled()
    assert.deepEqual(made, [1, 2])
    assert.deepEqual(after, before)
    assert.deepEqual(before[1], { name: "a", size: 1 })
    assert.include(String(before[2]), "Expected string")
  })

  it("compiles one that has been used for long, and does not count its first use", async () => {
    // The ten uses after the first take all the time that there is: the eleventh compiles.
    const { made } = await useUntilCompiled({ uses: 10, millis: millisBeforeCompiling / 10 })
    assert.deepEqual(made, [1, 2])
  })

  it("names every mistake as before where it is to name them all", async () => {
    const { after, before } = await useUntilCompiled({ options: { onExcessProperty: "error", errors: "all" } })
    assert.deepEqual(after, before)
    assert.include(String(before[1]), "more")
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
