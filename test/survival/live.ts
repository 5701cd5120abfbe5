/** Runs a history, and checks the invariants at its end. */
import { assert } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Agent } from "../../src/agent/Agent.ts"
import type { ResourceResult } from "../../src/agent/apply/ResourceResult.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { formaOf } from "../agent/shop.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"
import { settleByHand } from "./cutOff.ts"
import {
  type Act,
  commonBucket,
  type FormaName,
  type History,
  labelOfBucket,
  movesOf,
  nothing,
  type ProviderFault,
  resourcesOf,
  type Wants,
} from "./History.ts"
import { checkInvariants, checkOwners, cloudResources, inventoryRows, snapshotOf } from "./invariants.ts"
import { checkStayed, stayingThings } from "./staying.ts"
import { makeReaper } from "../../src/testing/Reaper.ts"
import { withSignal } from "./withSignal.ts"
import { onAgent } from "./world.ts"

/** More than the deletes of a history have faults. */
const maxStoredFaults = 12

/** Changes the cloud without the agent, if there is anything to change. Gives the native id of what it has deleted. */
const elsewhere = (cloud: string, { what, which }: Extract<Act, { _tag: "Elsewhere" }>) =>
  Effect.sync(() => {
    const present = cloudResources(cloud)
    const victim = present[which % Math.max(present.length, 1)]
    if (victim === undefined) return []
    const database = new DatabaseSync(cloud)
    try {
      if (what === "delete") {
        database.prepare("DELETE FROM resources WHERE type = ? AND native_id = ?").run(victim.type, victim.native_id)
        return [victim.native_id]
      } else {
        database
          .prepare(
            "UPDATE resources SET properties = json_set(properties, '$.Tags', json('[]')) WHERE type = ? AND native_id = ?",
          )
          .run(victim.type, victim.native_id)
        return []
      }
    } finally {
      database.close()
    }
  })

const formae = ["left", "right"] as const

/**
 * A create that may have been sent, and whose parent was deleted elsewhere since,
 * can neither be sent again nor found: it stays open until it is forgotten. A human does, in histories in which something was deleted elsewhere.
 */
const forgetOrphans = Effect.fnUntraced(function* (
  history: History,
  state: string,
  forma: FormaName,
  result: CommandResult | undefined,
) {
  if (history.every((act) => act._tag !== "Elsewhere" || act.what !== "delete")) return
  for (const { error, label } of result?.resources ?? []) {
    const isOpen = error?.code === "NotFound" && error.openOperation?.label === label
    if (isOpen) yield* onAgent(state, (agent) => agent.forget({ label, forma }))
  }
})

export const live = (history: History) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const cloud = join(folder, "cloud.db")
    const state = join(folder, "state.db")
    const wanted = new Map<FormaName, Wants>()
    const deleted: Array<string> = []

    const formaFor = (name: FormaName, wants: Wants, settleMillis = 0, faults: ReadonlyArray<ProviderFault> = []) => ({
      ...formaOf(
        name,
        { cloud, region: "eu-west-1", settleMillis, faults: faults.map((fault) => ({ ...fault, action: "error" })) },
        resourcesOf(name, wants),
      ),
      moved: movesOf(wants),
    })

    const command = (act: Exclude<Act, { readonly _tag: "Elsewhere" }>) => {
      const { signal } = act
      switch (act._tag) {
        case "Apply": {
          wanted.set(act.forma, act.wants)
          const forma = formaFor(act.forma, act.wants, act.settleMillis, act.faults)
          return (agent: Agent["Service"]) => withSignal(agent, signal, (options) => agent.apply(forma, options))
        }
        case "Destroy":
          wanted.set(act.forma, nothing)
          return (agent: Agent["Service"]) => withSignal(agent, signal, (options) => agent.destroy(act.forma, options))
        case "Resume":
          return (agent: Agent["Service"]) =>
            withSignal(agent, signal, (options) => agent.resume({ ...options, forma: act.forma }))
      }
    }

    const settle = (result: CommandResult | undefined, name: FormaName = "left") =>
      settleByHand(cloud, state, result, name)

    for (const act of history) {
      if (act._tag === "Elsewhere") {
        deleted.push(...(yield* elsewhere(cloud, act)))
        continue
      }
      const reaper = makeReaper(act.death?.step, act.death?.victim)
      const others = formae.filter((name) => act.forma !== undefined && name !== act.forma)
      const snapshots = () => others.map((name) => snapshotOf(cloud, state, name))
      const before = snapshots()
      const staying = act._tag === "Apply" ? stayingThings(cloud, state, formaFor(act.forma, act.wants)) : undefined
      const result = yield* onAgent(state, command(act), reaper)
      checkOwners(state)
      if (staying !== undefined) checkStayed(cloud, state, staying)
      assert.deepEqual(snapshots(), before, `P14: the ${act._tag} of ${act.forma} changes nothing of another forma`)
      yield* settle(result, act.forma)
    }

    /** What went wrong, except that the bucket that both formae want has one owner. */
    const mistakesIn = (name: FormaName, result: CommandResult | undefined, isLast: boolean) => {
      const label = labelOfBucket("common", wanted.get(name) ?? nothing)
      const owner = inventoryRows(state).find((row) => row.native_id === commonBucket)
      // While another forma has an operation under way there, only the provider knows that the bucket exists.
      const code = owner !== undefined ? "OwnedElsewhere" : isLast ? undefined : "AlreadyExists"
      const isExpected = (one: ResourceResult) =>
        one.label === label && one.error?.code === code && owner?.forma !== name
      return (result?.resources ?? []).filter((one) => one.error !== null && !isExpected(one))
    }

    // In the end each forma is applied without faults: that finishes what was left, and then nothing is left to do.
    const finish = Effect.fnUntraced(function* (name: FormaName, isLast: boolean) {
      const forma = formaFor(name, wanted.get(name) ?? nothing)
      const apply = (agent: Agent["Service"]) => agent.apply(forma)
      // A delete reaches its target as the last apply of the resource did, with the faults of then: they are used up first.
      return yield* onAgent(state, apply).pipe(
        Effect.tap((result) => settle(result, name)),
        Effect.repeat({ until: (result) => mistakesIn(name, result, isLast).length === 0, times: maxStoredFaults }),
        Effect.tap((result) => forgetOrphans(history, state, name, result)),
        Effect.andThen(onAgent(state, apply)),
      )
    })
    // What the second one leaves to the first is known only after its own end.
    yield* Effect.forEach(formae, (name) => finish(name, false))
    for (const name of formae) {
      const forma = formaFor(name, wanted.get(name) ?? nothing)
      const finished = yield* finish(name, true)
      const failures = mistakesIn(name, finished, true).map(
        ({ error, label }) => `${label}: ${error?.code}: ${error?.message}`,
      )
      assert.lengthOf(failures, 0, `${name}: without faults nothing fails, but did: ${failures.join("; ")}`)
      const again = yield* onAgent(state, (agent) => agent.apply(forma))
      assert.deepEqual(
        again?.resources.filter(({ error, operation }) => operation !== "noop" && error === null),
        [],
        `${name}: a second apply changes nothing`,
      )
      assert.lengthOf(mistakesIn(name, again, true), 0, `${name}: a second apply fails no more than the first`)
      assert.sameMembers(
        (again?.resources ?? []).map(({ label }) => label),
        forma.resources.map(({ label }) => label),
        `${name}: what is wanted exists`,
      )
    }
    checkInvariants(cloud, state, deleted)
  }).pipe(Effect.scoped)
