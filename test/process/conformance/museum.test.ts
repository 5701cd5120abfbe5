/** Whatever a plugin does, a run ends with a report that says that it does not conform. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { formatReport, testPlugin } from "../../../src/testing/conformance/index.ts"
import { oneIn } from "../../shortForm.ts"

const museum = fileURLToPath(new URL("../../fixtures/plugins/museum", import.meta.url))
const exhibits = readdirSync(museum).filter((name) => !name.endsWith(".mjs"))

/** Soon, because many exhibits never answer. */
const limits = { answerMillis: 500, exitGraceMillis: 500, operationMillis: 500, checkMillis: 5_000 }

/** Each is a dozen processes. */
const turns = Semaphore.makeUnsafe(2)

describe("the kit, on the plugin that", { concurrent: true, timeout: 180_000 }, () => {
  it.live.each(oneIn(8, exhibits))("%s", (exhibit) =>
    Effect.gen(function* () {
      const report = yield* testPlugin({ directory: `${museum}/${exhibit}`, limits }).pipe(
        Effect.provide(NodeServices.layer),
        turns.withPermit,
      )
      const told = formatReport(report)
      assert.strictEqual(report.status, "failed", told)
      // To the end: the run is not cut off, and the kit makes no mistake of its own.
      assert.include(told, "✓ could be tested to the end")
      assert.notInclude(told, "the check ended with")
      const unstarted = report.checks.some(({ id, status }) => id === "run.started" && status !== "passed")
      const tested = report.checks.find(({ id }) => id === "run.tested")
      assert.strictEqual(tested?.status, unstarted ? "skipped" : "failed", told)
    }),
  )
})
