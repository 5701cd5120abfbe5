import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AgentUnreachable } from "../../src/agent/commands/AgentUnreachable.ts"
import type { Connection } from "../../src/control/remote/Connection.ts"
import { streamLines } from "../../src/control/remote/streamLines.ts"

const client = {} as Connection["client"]
const connection: Connection = {
  client,
  call: (call) => Effect.orDie(call(client)),
  unreachable: (reason) => new AgentUnreachable({ agent: "here", reason }),
}

type Line = { readonly found: number } | { readonly end: true }
const linesOf = (...lines: ReadonlyArray<Line>) =>
  Stream.runCollect(streamLines(connection, () => Effect.succeed(Stream.fromIterable(lines))))

describe("a stream of the API", () => {
  it.effect("is whole only with its last line", () =>
    Effect.gen(function* () {
      assert.deepEqual(yield* linesOf({ found: 1 }, { end: true }), [{ found: 1 }])
      assert.strictEqual((yield* Effect.flip(linesOf({ found: 1 })))._tag, "AgentUnreachable")
    }),
  )
})
