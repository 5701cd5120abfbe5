import { assert, describe, it } from "@effect/vitest"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { ProcessMemory } from "../../../src/agent/launch/ProcessMemory.ts"
import { temporaryFolder } from "../store/temporaryFolder.ts"

const status = "Name:\tVmRSS:\t9 kB\nVmHWM:\t  900000 kB\nVmRSS:\t  262144 kB\nRssAnon:\t   1024 kB\n"

describe("the resident memory of a process", () => {
  it.effect("is what Linux reports in kB, whatever the size of its pages", () =>
    Effect.gen(function* () {
      const proc = yield* temporaryFolder
      for (const pid of [7, 8]) mkdirSync(join(proc, String(pid)))
      writeFileSync(join(proc, "7/status"), status)
      // Pages of 64 KiB, of which there are 4,096.
      writeFileSync(join(proc, "7/statm"), "9000 4096 0 0 0 0 0\n")
      // A zombie has no memory to report.
      writeFileSync(join(proc, "8/status"), "Name:\tnode\nState:\tZ (zombie)\n")
      const of = (pid: number) =>
        ProcessMemory.use(({ residentMiB }) => residentMiB(pid)).pipe(
          Effect.provide(ProcessMemory.layerProc(proc).pipe(Layer.provide(NodeServices.layer))),
        )
      assert.deepEqual(yield* of(7), Option.some(256))
      assert.deepEqual(yield* of(8), Option.none())
      assert.deepEqual(yield* of(9), Option.none())
    }),
  )
})
