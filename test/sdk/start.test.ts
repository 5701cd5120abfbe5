import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"

const start = fileURLToPath(new URL("../../scripts/start.ts", import.meta.url))

describe("npm start", () => {
  it.live("applies three clouds, finds nothing to do, and destroys them", () =>
    Effect.gen(function* () {
      const child = yield* ChildProcess.make(process.execPath, [start], { extendEnv: true })
      const output = yield* child.all.pipe(Stream.decodeText, Stream.mkString)
      assert.strictEqual(yield* child.exitCode, 0, output)
      for (const line of [
        "10 to create",
        "10 created",
        "Nothing to do: 10 resources are already as wanted",
        "10 deleted",
      ]) {
        assert.include(output, line)
      }
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )
})
