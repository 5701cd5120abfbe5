/** An agent of another version, as a client sees it: one sentence says which of the two to upgrade. */
import { createServer } from "node:http"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { connect, describeAgent } from "../../src/control/remote/Connection.ts"
import { makeSocketFolder } from "./remoteAgent.ts"

/** Something that gives the same answer to each request. */
const answering = (answer: unknown) =>
  Effect.gen(function* () {
    const socket = join(yield* makeSocketFolder, "agent.sock")
    yield* Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer((_, response) => {
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer))
        })
        server.listen(socket, () => resume(Effect.succeed(server)))
      }),
      (server) => Effect.callback<void>((done) => void server.close(() => done(Effect.void))),
    )
    return socket
  })

const about = (schemaVersion: number, agentVersion: string, min: number, max: number) => ({
  schemaVersion,
  agentVersion,
  api: { min, max },
  pid: 77,
  stateFile: null,
  startedAt: 5,
  lastEvent: 9,
})

describe("an agent of another version", () => {
  it.effect.each([
    [
      "a later one that has left this version behind",
      { ...about(3, "9.0.0", 2, 3), stateFile: undefined, more: true },
      "the agent is formae 9.0.0 and speaks version 2 to 3 of the API, and this side speaks version 1. Upgrade formae here",
    ],
    [
      "an earlier one",
      about(0, "0.0.9", 0, 0),
      "the agent is formae 0.0.9 and speaks version 0 of the API, and this side speaks version 1. Upgrade the agent: stop it, and start it with this version",
    ],
    ["something else", { hello: "world" }, "what answers there is not an agent that this version understands"],
  ] as const)("that is %s is refused with what to do", ([, answer, words]) =>
    Effect.gen(function* () {
      const socket = yield* answering(answer)
      const { message } = yield* Effect.flip(connect({ socket }))
      assert.strictEqual(message, `${socket}: ${words}`)
    }),
  )

  it.effect("that speaks this version too is used", () =>
    Effect.gen(function* () {
      const socket = yield* answering(about(1, "9.0.0", 1, 3))
      assert.hasAnyKeys(yield* connect({ socket }), ["client"])
    }),
  )

  it.effect("is found whatever it speaks, so that it can be stopped", () =>
    Effect.gen(function* () {
      const socket = yield* answering(about(3, "9.0.0", 2, 3))
      assert.deepInclude(yield* describeAgent({ socket }), { agentVersion: "9.0.0", pid: 77 })
    }),
  )
})
