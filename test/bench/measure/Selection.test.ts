import { assert, describe, it } from "@effect/vitest"
import { needsPeers, needsPlugins, select, withoutPeers } from "../../../scripts/bench/measure/Selection.ts"

const namesOf = (only: string | undefined) => {
  const { apply, callers, crowd, starters } = select(only)
  return { callers: callers.map(({ name }) => name), starters: starters.map(({ name }) => name), apply, crowd }
}

describe("select", () => {
  it("takes a group of figures with all its entrants, and nothing else", () => {
    const { apply, callers, crowd, starters } = namesOf("calls")
    assert.include(callers, "tinypool")
    assert.deepEqual({ apply, crowd, starters }, { apply: false, crowd: false, starters: [] })
    assert.deepEqual(namesOf("crowd"), { callers: [], starters: [], apply: false, crowd: true })
  })

  it("takes an entrant beside the floor, wherever it takes part", () => {
    assert.deepEqual(namesOf("mcp"), {
      callers: ["floor", "mcp"],
      starters: ["bare", "mcp"],
      apply: false,
      crowd: false,
    })
    assert.deepEqual(namesOf("aws"), { callers: [], starters: ["bare", "aws"], apply: false, crowd: false })
    assert.deepEqual(namesOf("floor"), { callers: ["floor"], starters: [], apply: false, crowd: false })
  })

  it("takes everything if nothing is named", () => {
    const all = select(undefined)
    assert.isTrue(all.apply && all.crowd && needsPeers(all) && needsPlugins(all))
    assert.deepEqual([all.callers[0]?.name, all.starters[0]?.name], ["floor", "bare"])
  })
})

describe("a selection", () => {
  it("needs the plugins and the peers only for those that use them", () => {
    const needsOf = (only: string) => [needsPlugins(select(only)), needsPeers(select(only))]
    assert.deepEqual(needsOf("whole-way"), [true, false])
    assert.deepEqual(needsOf("mcp"), [false, true])
    assert.deepEqual(needsOf("rpc-layer"), [false, false])
    assert.deepEqual(needsOf("apply"), [true, false])
  })

  it("keeps everything but the peers without them", () => {
    const all = withoutPeers(select("calls"))
    assert.isFalse(needsPeers(all))
    assert.deepEqual(
      all.callers.map(({ name }) => name),
      ["floor", "whole-way", "rpc-layer", "effect-rpc"],
    )
  })
})
