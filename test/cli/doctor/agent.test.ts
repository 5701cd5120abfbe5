/** What `formae doctor` says of sockets: those that are there for real, and the verdicts as functions of facts. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Subject } from "../../../src/cli/doctor/Check.ts"
import { agentFindings, type SocketSeen } from "../../../src/cli/doctor/agentFindings.ts"
import { agent } from "../../../src/cli/doctor/checks/agent.ts"
import { socketPathsOf } from "../../../src/cli/staying/findAgent.ts"

const listen = (path: string): Effect.Effect<Server> =>
  Effect.callback<Server>((resume) => {
    const server = createServer((connection) => {
      connection.on("error", () => undefined).resume()
      connection.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
    })
    server.listen(path, () => resume(Effect.succeed(server)))
  })

const close = (server: Server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))

describe("the agent of formae doctor, by the sockets that are there", () => {
  let folder = ""
  let runtime: string | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "formae-doctor-"))
    runtime = process.env["XDG_RUNTIME_DIR"]
    process.env["XDG_RUNTIME_DIR"] = folder
    mkdirSync(join(folder, "formae"), { mode: 0o700 })
  })
  afterEach(() => {
    if (runtime === undefined) delete process.env["XDG_RUNTIME_DIR"]
    else process.env["XDG_RUNTIME_DIR"] = runtime
    rmSync(folder, { recursive: true })
  })

  const look = Effect.suspend(() => {
    const subject = { stateFile: join(folder, "state.db"), untrusted: { all: undefined, state: undefined } }
    return agent.look(subject as Subject)
  })
  const socket = Effect.suspend(() => Effect.map(socketPathsOf(join(folder, "state.db")), ([path = ""]) => path))
  const said = Effect.map(look, (findings) =>
    findings.map(({ message, remedy, verdict }) => `${verdict}: ${message} -> ${remedy}`).join("\n"),
  )

  it.live("none, one that is left, one of somebody else, and one in a folder that others may enter", () =>
    Effect.gen(function* () {
      const path = yield* socket
      assert.strictEqual(yield* said, "ok: No agent runs on this state; commands run by themselves -> undefined")

      const server = yield* listen(`${path}.new`)
      linkSync(`${path}.new`, path)
      assert.match(
        yield* said,
        /^problem: Somebody listens at .*\.sock and does not answer as an agent does: .* -> See /,
      )
      yield* close(server)
      assert.match(
        yield* said,
        /^ok: Nobody listens at .*\.sock: an agent was killed\. The next one takes its place -> /,
      )

      chmodSync(join(folder, "formae"), 0o755)
      assert.match(
        yield* said,
        /^warning: The socket .*\.sock is not used: of its folder, other users may enter it -> Set XDG_RUNTIME_DIR to /,
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.live("a path that is too long for one", () =>
    Effect.gen(function* () {
      process.env["XDG_RUNTIME_DIR"] = join(folder, "x".repeat(100))
      assert.match(
        yield* said,
        /^warning: The agent does not listen at .*x\/formae\/\w+\.sock, which has 1\d\d bytes: a socket's path may have 103 -> It takes the next folder/m,
      )
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})

describe("the agent of formae doctor", () => {
  const at = (found: SocketSeen["found"], objection?: string): SocketSeen => ({
    path: "/r/formae/a.sock",
    folder: "/r/formae",
    objection,
    found,
  })
  const running = (version: string) =>
    at({
      _tag: "Answers",
      agent: { pid: 7, version, socket: "/r/formae/a.sock", listensAt: null, startedAt: 0, lastEvent: 3 },
    })
  const nothing = at({ _tag: "Nothing" })

  it.each([
    ["answers", [running("0.2.0")], undefined, ["ok The agent 0.2.0 (pid 7) runs on the state since 1970"]],
    ["is of another version", [running("0.1.0")], 7, ["warning The agent 0.1.0 (pid 7) runs"]],
    ["holds the state without a socket", [nothing], 7, ["problem The agent (pid 7) holds the state, and commands"]],
    ["has no folder", [at({ _tag: "Nothing" }, "it is a link")], undefined, ["ok No agent", "warning No agent can be"]],
  ] as const)("%s", (_, sockets, holder, expected) => {
    const findings = agentFindings({ sockets, holder })
    assert.lengthOf(findings, expected.length)
    for (const [index, words] of expected.entries()) {
      assert.include(`${findings[index]?.verdict} ${findings[index]?.message}`, words)
    }
  })
})
