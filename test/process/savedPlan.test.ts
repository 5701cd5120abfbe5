/** A plan in a file, which is applied as it was shown. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import { readFileSync, statSync } from "node:fs"
import { needs } from "../needs.ts"
import { answering } from "./atTerminal.ts"
import { makeFolder } from "./formaeCommand.ts"
import { refusalIn, resultOf } from "./jsonOutput.ts"
import { canary, shop } from "./shopDocument.ts"

describe("formae plan --out", needs("python3"), () => {
  it.live("saves what formae apply then does once, on the same state, where nothing has changed", () =>
    Effect.gen(function* () {
      const { at, beginScript, formae, has, textOf, write } = yield* makeFolder
      write("shop.yaml", `${shop}outputs: { cidr: { $ref: net.CidrBlock } }\n`)
      const saved = yield* formae("plan", "shop.yaml", "--out", "shop.plan", "--json")
      assert.strictEqual(saved.code, 0, saved.stderr)
      assert.include(saved.stderr, '"formae apply shop.plan" does what it shows, or nothing')
      assert.deepEqual((yield* resultOf(saved)).status, "plan planned")
      assert.strictEqual(statSync(at("shop.plan")).mode & 0o777, 0o600)
      const text = textOf("shop.plan")
      for (const hidden of [canary, "10.0.0.0", "CidrBlock"]) assert.notInclude(text, hidden)
      assert.isFalse(has("cloud.db"))

      const elsewhere = yield* formae("apply", "shop.plan", "--state", "other.db", "--json")
      assert.strictEqual(elsewhere.code, 2)
      assert.deepEqual((yield* refusalIn(elsewhere))?.facts, { plan: "shop.plan", reason: { _tag: "OtherState" } })
      assert.isFalse(has("other.db"))

      write("cut.plan", text.slice(0, -40))
      const cut = yield* formae("apply", "cut.plan")
      assert.strictEqual(cut.code, 2)
      assert.include(cut.stderr, "The saved plan cut.plan cannot be used: it is damaged. Nothing was done. Plan again")

      const destroyed = yield* formae("destroy", "shop.plan", "--json")
      assert.strictEqual(destroyed.code, 2)
      assert.strictEqual((yield* refusalIn(destroyed))?.code, "SavedPlanGiven")

      const given = yield* formae("apply", "shop.plan", "--env", "prod", "--set", "a=b", "--only", "net")
      assert.strictEqual(given.code, 2)
      assert.include(given.stderr, "Leave out --set, --env, --only, or plan again with other values")

      const { ended } = yield* beginScript(
        `TERM=xterm ${answering("y")} bash -c 'stty cols 100; exec '"$formae"' apply shop.plan'`,
      )
      const applied = yield* ended
      assert.strictEqual(applied.code, 0, applied.stdout)
      assert.include(applied.stdout, "3 to create")
      assert.include(applied.stdout, "[y/N]")
      assert.include(applied.stdout, "3 created")

      const again = yield* formae("apply", "shop.plan", "--json")
      assert.strictEqual(again.code, 2)
      assert.strictEqual((yield* refusalIn(again))?.code, "PlanOutdated")
      assert.include(again.stderr, "net: the plan shows create, and now there is nothing to do")
      assert.include(again.stderr, "output cidr: its change is not as the plan shows it")
      assert.include(again.stderr, 'Plan again, and look at what is new: "formae plan DOCUMENT --out FILE"')

      const hash = () =>
        createHash("sha256")
          .update(readFileSync(at(".formae/state.db")))
          .digest("hex")
      const before = hash()
      const replaced = yield* formae("plan", "shop.yaml", "--out", "shop.plan", "--only", "net")
      assert.strictEqual(replaced.code, 0, replaced.stderr)
      assert.include(replaced.stdout, "Only 1 of 3 resources: net")
      assert.include(textOf("shop.plan"), '"formaePlan": 2')
      assert.notStrictEqual(textOf("shop.plan"), text)
      assert.strictEqual(hash(), before)
    }),
  )
})
