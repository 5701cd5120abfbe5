import { assert, describe, it } from "@effect/vitest"
import { needsPeers, needsPlugins, select, withoutPeers } from "../../../scripts/bench/measure/Selection.ts"

const namesOf = (only: string | undefined) => {
  const { apply, callers, command, crowd, starters } = select(only)
  return { callers: callers.map(({ name }) => name), starters: starters.map(({ name }) => name), command, apply, crowd }
}

const nothing = { command: false, apply: false, crowd: false }

describe("select", () => {
  it("takes a group of figures with all its entrants, and nothing else", () => {
    const { callers, ...others } = namesOf("calls")
    assert.include(callers, "tinypool")
    assert.deepEqual(others, { ...nothing, starters: [] })
    assert.deepEqual(namesOf("crowd"), { ...nothing, callers: [], starters: [], crowd: true })
    assert.deepEqual(namesOf("command"), { ...nothing, callers: [], starters: [], command: true })
  })

  it("takes an entrant beside the floor, wherever it takes part", () => {
    assert.deepEqual(namesOf("mcp"), {
      callers: ["floor", "mcp"],
      starters: ["bare", "mcp"],
      ...nothing,
    })
    assert.deepEqual(namesOf("aws"), { callers: [], starters: ["bare", "aws"], ...nothing })
    assert.deepEqual(namesOf("floor"), { callers: ["floor"], starters: [], ...nothing })
  })

  it("takes everything if nothing is named", () => {
    const all = select(undefined)
    assert.isTrue(all.apply && all.command && all.crowd && needsPeers(all) && needsPlugins(all))
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
