/** The parts of a rate limit, whatever runners do: never more than the whole. */
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { endShare, lowerShare, renewShare, type Share, whole } from "../../../src/cluster/rates/shareDecision.ts"

const expirationMillis = 12
const spareMillis = 6

/** What a runner does, and what happens to it. */
const Step = Schema.Struct({
  who: Schema.Literals([0, 1, 2]),
  what: Schema.Literals(["renew", "confirm", "refresh", "die", "leave"]),
  /** How long after the step before. */
  after: Schema.Literals([0, 1, 2, 4]),
})

interface Runner {
  readonly id: string
  /** What its plugins were told that they may use. */
  told: number
  /** A smaller part that its plugins have, and the others do not know of. */
  lowering: number | undefined
  /** Since when its shares hold, and until when its plugins act. One that renews nothing is paused or cut off. */
  renewedAt: number
  leaseEnd: number
}

const makeCluster = () => {
  let now = 0
  let started = 0
  let shares: ReadonlyArray<Share> = []
  const runners = new Map<number, Runner>()
  const start = (who: number): Runner => {
    const made = { id: `${who}-${(started += 1)}`, told: 0, lowering: undefined, renewedAt: -Infinity, leaseEnd: 0 }
    runners.set(who, made)
    return made
  }
  const renew = (who: number) => {
    const runner = runners.get(who) ?? start(who)
    const of = { id: runner.id, runner: `${who}` }
    const decided = renewShare(shares, of, now, expirationMillis + spareMillis)
    shares = decided.shares
    runner.renewedAt = now
    if (decided.parts < runner.told) runner.told = decided.parts
    else if (runner.lowering === undefined && decided.due < decided.parts) {
      runner.told = runner.lowering = decided.due
    } else if (runner.lowering === undefined) runner.told = decided.parts
  }
  const step = ({ after, what, who }: typeof Step.Type) => {
    now += after
    const runner = runners.get(who)
    if (what === "renew" || what === "confirm") renew(who)
    if (runner === undefined) return
    if (what === "confirm" && runner.lowering !== undefined) {
      shares = lowerShare(shares, runner.id, runner.lowering)
      runner.lowering = undefined
    }
    if (what === "refresh" && now <= runner.renewedAt + spareMillis) runner.leaseEnd = now + expirationMillis
    if (what === "die" || what === "leave") runners.delete(who)
    if (what === "leave") shares = endShare(shares, runner.id)
  }
  const used = () => [...runners.values()].reduce((sum, one) => sum + (one.leaseEnd > now ? one.told : 0), 0)
  /** Time in which those that are there renew, and nothing else happens. */
  const settle = () => {
    for (let round = 0; round < 4; round += 1) {
      now += spareMillis
      for (const who of runners.keys()) step({ who: who as typeof Step.Type.who, what: "confirm", after: 0 })
    }
    return [...runners.values()].map(({ told }) => told)
  }
  return { step, used, settle }
}

describe("the shares of a rate limit", () => {
  it.prop(
    "are never more than the whole, for any order of joins, deaths, pauses and late answers, and even in the end",
    [Schema.Array(Step).check(Schema.isMinLength(40), Schema.isMaxLength(80))],
    ([steps]) => {
      const { settle, step, used } = makeCluster()
      for (const one of steps) {
        step(one)
        assert.isAtMost(used(), whole)
      }
      const parts = settle()
      for (const one of parts) assert.strictEqual(one, Math.floor(whole / parts.length))
    },
    { arbitrary: { runs: 500 } },
  )

  it("are taken by who joins only as far as the others have given them up", () => {
    const first = renewShare([], { id: "a", runner: "one" }, 0, 10)
    assert.deepInclude(first, { parts: whole, due: whole })
    const joined = renewShare(first.shares, { id: "b", runner: "two" }, 1, 10)
    assert.deepInclude(joined, { parts: 0, due: whole / 2 })
    const again = renewShare(joined.shares, { id: "a", runner: "one" }, 2, 10)
    assert.deepInclude(again, { parts: whole, due: whole / 2 })
    const given = lowerShare(again.shares, "a", whole / 2)
    assert.deepInclude(renewShare(given, { id: "b", runner: "two" }, 3, 10), { parts: whole / 2, due: whole / 2 })
    assert.deepInclude(renewShare(given, { id: "b", runner: "two" }, 12, 10), { parts: whole, due: whole })
  })
})
