import { assert, describe, it } from "@effect/vitest"
import { sizeObjection } from "../../../src/agent/forma/WantedSize.ts"
import { heldLimits, excessOf } from "../../../src/protocol/HeldProperties.ts"
import type { Properties } from "../../../src/protocol/Resource.ts"
import { frameExcess } from "../../../src/transport/FrameBounds.ts"

const lists = (depth: number): Properties[string] => JSON.parse("[".repeat(depth) + "]".repeat(depth))

/** The largest that are allowed, and the same with a little more. */
const cases: ReadonlyArray<readonly [string, most: Properties, more: Properties, objection: RegExp]> = [
  [
    "characters",
    { a: "x".repeat(3_999_997) },
    { a: "x".repeat(3_999_998) },
    /^has more than 4000000 characters; keep what is so large elsewhere, and refer to it$/,
  ],
  [
    "values",
    { a: Array.from({ length: 239_997 }, () => 1) },
    { a: Array.from({ length: 239_998 }, () => 1) },
    /^has more than 240000 values; divide them among several resources$/,
  ],
  [
    "values that are empty lists",
    { a: Array.from({ length: 119_998 }, () => []) },
    { a: Array.from({ length: 119_999 }, () => []) },
    /^has more than 240000 values/,
  ],
  [
    "levels",
    { a: lists(199) },
    { a: lists(200) },
    /^is nested deeper than 200 levels; put what is nested so deep into a text of its own$/,
  ],
]

describe("P3: properties that a resource is wanted to have", () => {
  it.each(cases)("may have so many %s, and not one more", (_, most, more, objection) => {
    assert.isUndefined(sizeObjection(most))
    assert.match(sizeObjection(more) ?? "", objection)
  })

  it.each(cases)("leave room for what the provider adds to its answer: %s", (_, most) => {
    const added = { ...most, Outputs: Array.from({ length: 20_000 }, () => "o".repeat(8)) }
    assert.isUndefined(excessOf(added, heldLimits))
    const value = { status: "Succeeded", attempts: 1, nativeId: "n".repeat(65_536), properties: added }
    assert.isUndefined(frameExcess(JSON.stringify({ _tag: "Chunk", requestId: 1, values: [value] })))
  })
})
