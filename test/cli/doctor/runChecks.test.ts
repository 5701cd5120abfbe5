import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import type { Check, Subject } from "../../../src/cli/doctor/Check.ts"
import { ok } from "../../../src/cli/doctor/Finding.ts"
import { foundLines } from "../../../src/cli/doctor/foundLines.ts"
import { runChecks } from "../../../src/cli/doctor/runChecks.ts"
import { linesToWrite } from "../../../src/cli/Outputs.ts"

// None of these checks looks at it.
const subject = {} as Subject

const check = (name: string, look: ReturnType<Check["look"]>): Check => ({ name, boundMillis: 5_000, look: () => look })

describe("the checks of formae doctor", () => {
  it.effect("run side by side, and one that hangs or breaks is told like others, within its bound", () =>
    Effect.gen(function* () {
      const checks = [
        check("hangs", Effect.uninterruptible(Effect.never)),
        check("breaks", Effect.die(new Error("no \u001b[31mred"))),
        check("is late", Effect.delay(Effect.succeed([ok("late")]), "4 seconds")),
        check("is fine", Effect.succeed([ok("one\ntwo"), ok("three")])),
      ]
      const running = yield* Effect.forkChild(Effect.provide(runChecks(checks, subject), NodeServices.layer))
      yield* TestClock.adjust("5 seconds")
      const lines = linesToWrite(foundLines(yield* Fiber.join(running)))
      assert.deepEqual(lines, [
        "problem  hangs    This check has not ended within 5 s",
        "                  -> Look whether a disk, a network file system or a provider that it needs does not answer",
        String.raw`problem  breaks   This check broke, so nothing is known: Error: no \u001b[31mred`,
        "                  -> This is a bug in formae; the other checks are not affected",
        "ok       is late  late",
        "ok       is fine  one",
        "                    two",
        "ok       is fine  three",
        "",
        "Found 2 problems and 0 warnings",
      ])
    }),
  )
})
