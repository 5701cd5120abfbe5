/** Where a plan may be saved, and how its file is known. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readDocumentText } from "../../../src/cli/document/documentText.ts"
import { checkPlanPlace, readSavedPlan, writeSavedPlan } from "../../../src/cli/plan/savedPlanFile.ts"

const makeFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "formae-saved-"))),
  (made) => Effect.sync(() => rmSync(made, { recursive: true })),
)

const plan = '{\n  "formaePlan": 1,\n  "locked": "x"\n}\n'

describe("the file of a saved plan", () => {
  it.effect("is made for this user alone, and replaced as a whole", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const file = join(folder, "new.txt")
      yield* writeSavedPlan(file, plan)
      assert.strictEqual(statSync(file).mode & 0o777, 0o600)
      const next = plan.replace("x", "y")
      yield* writeSavedPlan(file, next)
      assert.strictEqual(yield* readSavedPlan(file), next)
      assert.deepEqual(readdirSync(folder), ["new.txt"])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("is not put over anything else, and needs a folder", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const at = (name: string) => join(folder, name)
      mkdirSync(at("folder"))
      writeFileSync(at("shop.yaml"), "resources: []")
      writeFileSync(at("other.plan"), '{ "plan": 1 }')
      writeFileSync(at("empty"), "")
      const cases = [
        ["folder", "it is not a file"],
        ["shop.yaml", "there is a file that is not a saved plan. Name another file, or move it away"],
        ["other.plan", "there is a file that is not a saved plan"],
        ["empty", "there is a file that is not a saved plan"],
        ["missing/a.plan", "there is no such folder"],
      ] as const
      for (const [name, reason] of cases) {
        const error = yield* Effect.flip(checkPlanPlace(at(name)))
        assert.strictEqual(error.exitCode, 2)
        assert.include(error.message, `The plan cannot be saved in ${at(name)}: ${reason}`)
        assert.deepEqual(yield* Effect.flip(writeSavedPlan(at(name), plan)), error)
      }
      assert.strictEqual(readFileSync(at("shop.yaml"), "utf8"), "resources: []")
      assert.strictEqual(readFileSync(at("empty"), "utf8"), "")
      assert.include((yield* Effect.flip(checkPlanPlace("-"))).message, "a plan needs a file")
      assert.isFalse(existsSync("-"))
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("is known by what is in it, and is not a document or a part of one", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      writeFileSync(join(folder, "a.yaml"), "resources: []")
      assert.isUndefined(yield* readSavedPlan(join(folder, "a.yaml")))
      writeFileSync(join(folder, "document.plan"), "resources: []")
      assert.isUndefined(yield* readSavedPlan(join(folder, "document.plan")))
      writeFileSync(join(folder, "b.json"), plan.slice(0, 20))
      assert.isDefined(yield* readSavedPlan(join(folder, "b.json")))
      for (const given of [folder, join(folder, "b.json")]) {
        const error = yield* Effect.flip(readDocumentText(given))
        assert.include(error.message, 'b.json is a saved plan, not a document. Only "formae apply" takes it')
      }
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
