import { assert, describe, it } from "@effect/vitest"
import { roundsOf, takeRounds } from "../../../scripts/bench/measure/takeRounds.ts"

const run = async (names: string, count: number) => {
  const order: Array<string> = []
  const entrants = [...names].map((name) => ({ name, title: name }))
  const all = await takeRounds(entrants, count, async ({ name }) => order.push(name))
  return { order: order.join(""), pairs: all.map(({ pairs }) => pairs) }
}

describe("takeRounds", () => {
  it("measures each beside a floor of its own, in another order each round", async () => {
    const { order, pairs } = await run("fab", 2)
    assert.strictEqual(order, "fafbbfaf")
    assert.deepEqual(pairs, [
      [
        { own: 1, floor: 1 },
        { own: 3, floor: 3 },
        { own: 6, floor: 6 },
        { own: 8, floor: 8 },
      ],
      [
        { own: 2, floor: 1 },
        { own: 7, floor: 8 },
      ],
      [
        { own: 4, floor: 3 },
        { own: 5, floor: 6 },
      ],
    ])
  })

  it("measures the floor where it is alone", async () => {
    assert.deepEqual(await run("f", 2), {
      order: "ff",
      pairs: [
        [
          { own: 1, floor: 1 },
          { own: 2, floor: 2 },
        ],
      ],
    })
  })

  it("says at which round it is", async () => {
    const said: Array<string> = []
    await takeRounds(
      [{ name: "f", title: "f" }],
      2,
      async () => 1,
      (progress) => said.push(progress),
    )
    assert.deepEqual(said, ["round 1 of 2", "round 2 of 2"])
  })
})

describe("roundsOf", () => {
  it("picks one of the things that were measured", () => {
    const pair = { own: { millis: 3, mebibytes: 1 }, floor: { millis: 2, mebibytes: 1 } }
    const [picked] = roundsOf([{ name: "a", title: "A", pairs: [pair] }], ({ millis }) => millis)
    assert.deepEqual(picked, { name: "a", title: "A", pairs: [{ own: 3, floor: 2 }] })
  })
})
