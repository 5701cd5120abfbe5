import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { rowOf, rowsIn } from "./attacksPage.ts"
import { attackGroups, unlisted } from "./attackTable.ts"
import { runGroup } from "./runAttacks.ts"

const page = readFileSync(new URL("../../../docs/attacks.md", import.meta.url), "utf8")
const museum = fileURLToPath(new URL("../../fixtures/plugins/museum", import.meta.url))

/** Many times what an attack takes: other files need the processors too, and what hangs needs for ever. */
const limitMillis = 60_000

describe("P15: a hostile plugin costs no more than its own call:", () => {
  for (const group of attackGroups) {
    it.live(
      group.title,
      () =>
        Effect.gen(function* () {
          const { outcomes, problems } = yield* runGroup(group, limitMillis)
          assert.deepEqual(problems, [])
          const rows = outcomes.map(({ attack, did }) => rowOf(attack, did))
          assert.deepEqual(
            rows.filter((row) => !rowsIn(page).includes(row)),
            [],
            'docs/attacks.md says something else: run "npm run attacks"',
          )
        }),
      300_000,
    )
  }
})

describe("docs/attacks.md", () => {
  it("has a row for each attack and no other", () => {
    const startOf = (row: string): string => row.split(" | ").slice(0, 2).join(" | ")
    const attacks = attackGroups.flatMap(({ attacks }) => attacks.map((attack) => startOf(rowOf(attack, ""))))
    assert.deepEqual(rowsIn(page).map(startOf), attacks)
  })

  it("leaves out no plugin of the museum without a reason", () => {
    const listed = new Set(attackGroups.flatMap(({ attacks }) => attacks.map(({ exhibit }) => exhibit)))
    const exhibits = readdirSync(museum).filter((name) => !name.endsWith(".mjs"))
    assert.sameMembers(
      exhibits.filter((name) => !listed.has(name)),
      Object.keys(unlisted),
    )
  })
})
