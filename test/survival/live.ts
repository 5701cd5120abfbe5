/** Runs a history, and checks the invariants at its end. */
import { assert } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Agent } from "../../src/agent/Agent.ts"
import type { CommandResult } from "../../src/agent/commands/CommandResult.ts"
import { formaOf } from "../agent/shop.ts"
import { temporaryFolder } from "../agent/store/temporaryFolder.ts"
import { settleByHand } from "./cutOff.ts"
import { type Act, type FormaName, type History, type ProviderFault, resourcesOf, type Wants } from "./History.ts"
import { checkInvariants, cloudResources, snapshotOf } from "./invariants.ts"
import { makeReaper } from "../../src/testing/Reaper.ts"
import { withSignal } from "./withSignal.ts"
import { onAgent } from "./world.ts"

/** More than the deletes of a history have faults. */
const maxStoredFaults = 12
const nothing: Wants = { net: 0, block: 0, logs: 0, password: 0, web: 0, old: 0 }

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

    const formaFor = (name: FormaName, wants: Wants, settleMillis = 0, faults: ReadonlyArray<ProviderFault> = []) =>
      formaOf(
        name,
        { cloud, region: "eu-west-1", settleMillis, faults: faults.map((fault) => ({ ...fault, action: "error" })) },
        resourcesOf(name, wants),
      )

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

    const settle = (result: CommandResult | undefined) => settleByHand(cloud, state, result)

    for (const act of history) {
      if (act._tag === "Elsewhere") {
        deleted.push(...(yield* elsewhere(cloud, act)))
        continue
      }
      const reaper = makeReaper(act.death?.step, act.death?.victim)
      const others = formae.filter((name) => act.forma !== undefined && name !== act.forma)
      const snapshots = () => others.map((name) => snapshotOf(cloud, state, name))
      const before = snapshots()
      const result = yield* onAgent(state, command(act), reaper)
      assert.deepEqual(snapshots(), before, `P14: the ${act._tag} of ${act.forma} changes nothing of another forma`)
      yield* settle(result)
    }

    // In the end each forma is applied without faults: that finishes what was left, and then nothing is left to do.
    for (const name of formae) {
      const forma = formaFor(name, wanted.get(name) ?? nothing)
      const apply = (agent: Agent["Service"]) => agent.apply(forma)
      // A delete reaches its target as the last apply of the resource did, with the faults of then: they are used up first.
      const finished = yield* onAgent(state, apply).pipe(
        Effect.tap(settle),
        Effect.repeat({ until: (result) => result?.status === "succeeded", times: maxStoredFaults }),
        Effect.tap((result) => forgetOrphans(history, state, name, result)),
        Effect.andThen(onAgent(state, apply)),
      )
      const failures = (finished?.resources ?? []).flatMap(({ error, label }) =>
        error === null ? [] : [`${label}: ${error.code}: ${error.message}`],
      )
      assert.lengthOf(failures, 0, `${name}: without faults nothing fails, but did: ${failures.join("; ")}`)
      const again = yield* onAgent(state, apply)
      assert.deepEqual(
        again?.resources.filter(({ operation }) => operation !== "noop"),
        [],
        `${name}: a second apply changes nothing`,
      )
      assert.sameMembers(
        (again?.resources ?? []).map(({ label }) => label),
        forma.resources.map(({ label }) => label),
        `${name}: what is wanted exists`,
      )
    }
    checkInvariants(cloud, state, deleted)
  }).pipe(Effect.scoped)
