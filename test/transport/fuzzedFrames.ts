/** Frames that are almost right, from a seed: the same seed gives the same frames. */

/** How many seeds a test runs, and the first of them. `npm run fuzz` sets other values. */
export const fuzzSeeds = (count: number): ReadonlyArray<number> => {
  const { FORMAE_RUNS: runs = String(count), FORMAE_SEED: first = "1" } = process.env
  return Array.from({ length: Number(runs) }, (_, index) => Number(first) + index)
}

/** Options of a property: so many runs, or those of `npm run fuzz` and the time for them. */
export const fuzzRuns = (count: number, every = 1) => ({
  ...(process.env["FORMAE_RUNS"] === undefined ? {} : { timeout: 3_600_000 }),
  arbitrary: { runs: Math.ceil(fuzzSeeds(count).length / every) },
})

/** Gives a whole number from 0 to below `limit`. */
export type Dice = (limit: number) => number

/** Mulberry32. */
export const makeDice = (seed: number): Dice => {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

const pick = <A>(dice: Dice, values: ReadonlyArray<A>): A => values[dice(values.length)]!

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels)

/** Values that something may trip over. */
const oddities: ReadonlyArray<() => unknown> = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => 1e308,
  () => "",
  () => "\u0000\uD800\u202E",
  () => "x".repeat(20_000),
  () => "__proto__",
  () => [],
  () => [null],
  () => [[1, 2]],
  () => ({}),
  () => JSON.parse(`{"__proto__":{"_tag":"Exit"},"constructor":1}`),
  () => ({ toString: 1, valueOf: 2, toJSON: 3, length: -1 }),
  () => ({ message: { toString: null }, name: [], stack: {} }),
  () => ({ _tag: "Fail", error: { _tag: "ProtocolError" } }),
  () => ({ _tag: "Die" }),
  () => ({ _tag: "Interrupt", fiberId: "one" }),
  () => ({ _tag: "Perhaps" }),
  // Stand for values that are nested so deep, which would use up the stack here.
  () => "deep:300",
  () => "deep:20000",
]

const oddity = (dice: Dice): unknown => pick(dice, oddities)()

/** The value with one place of it changed: left out, replaced, added to or repeated. */
const changed = (dice: Dice, value: unknown): unknown => {
  if (typeof value !== "object" || value === null || dice(6) === 0) return oddity(dice)
  if (Array.isArray(value)) {
    const at = dice(value.length + 1)
    const rest = value.filter((_, index) => index !== at)
    return pick(dice, [
      () => rest,
      () => [...value, oddity(dice)],
      () => [...value, ...value],
      () => value.map((one, index) => (index === at ? changed(dice, one) : one)),
    ])()
  }
  const entries = Object.entries(value)
  const at = dice(Math.max(entries.length, 1))
  return Object.fromEntries(
    pick(dice, [
      () => entries.filter((_, index) => index !== at),
      () => [...entries, [pick(dice, ["_tag", "toString", "then", "more"]), oddity(dice)] as const],
      () => entries.map(([key, one], index) => [key, index === at ? changed(dice, one) : one] as const),
      () => entries.map(([key, one], index) => [key, index === at ? changed(dice, one) : one] as const),
    ])(),
  )
}

/** A line that is no JSON any more, or is not alone on its line. */
const spoiled = (dice: Dice, line: string): string => {
  const at = dice(line.length + 1)
  return pick(dice, [
    () => line.slice(0, at),
    () => `${line.slice(0, at)}${String.fromCharCode(dice(0x2_000))}${line.slice(at)}`,
    () => `${line}${line}`,
    () => `${line.slice(0, at)}\n${line.slice(at)}`,
  ])()
}

/** Lines that are made of these frames. Most still name what they named. */
export const fuzzedLines = (dice: Dice, frames: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  Array.from({ length: dice(6) }, () => {
    let frame = pick(dice, frames)
    for (let changes = dice(3); changes >= 0; changes--) frame = changed(dice, frame)
    const line = JSON.stringify(frame).replace(/"deep:(\d+)"/g, (_, levels: string) => nested(Number(levels)))
    return dice(5) === 0 ? spoiled(dice, line) : line
  })
