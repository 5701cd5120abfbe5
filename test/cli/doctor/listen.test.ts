/** What `formae doctor` says of the address at which an agent is to listen. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { createServer } from "node:net"
import { join } from "node:path"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import type { Subject } from "../../../src/cli/doctor/Check.ts"
import { listen, type ListenFacts, listenFindings } from "../../../src/cli/doctor/checks/listen.ts"
import { addToken, tokensFolder } from "../../../src/cli/staying/tokenFiles.ts"
import * as Result from "effect/Result"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"

const said = (findings: Effect.Success<ReturnType<typeof listen.look>>) =>
  findings.map(({ message, remedy, verdict }) => `${verdict}: ${message} -> ${remedy}`)

/** Somebody else, at a port of this machine. */
const taken = Effect.acquireRelease(
  Effect.callback<ReturnType<typeof createServer>>((resume) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void))),
)

describe("the address of an agent, by formae doctor", () => {
  it.live("is looked at where one is given: its callers, and whether it is free", () =>
    Effect.gen(function* () {
      const stateFile = join(yield* temporaryFolder, "state.db")
      const flags = { state: Option.none(), plugins: [], onlyPlugins: [] }
      const look = (text: string, untrusted: object = {}) => {
        const given = Result.getOrThrow(readConfigurationText(text, "c.yaml"))
        const subject = { flags, config: { given, places: { state: "" } }, stateFile, untrusted }
        return Effect.map(listen.look(subject as unknown as Subject), said)
      }
      const at = (port: number) => `agent: { listen: { address: "127.0.0.1:${port}" } }`
      assert.deepEqual(yield* look("state: s.db"), [])
      assert.match((yield* look(at(0), { all: {} })).join(), /^skipped: .* not trusted/)
      assert.match((yield* look(at(0))).join(), /^problem: c\.yaml:1:20 agent\.listen\.address: There is no token/)
      yield* addToken(yield* tokensFolder(stateFile), "ci")
      assert.match((yield* look(at(0))).join(), /^ok: An agent would listen at http:.*, to callers with a token: ci/)
      const address = (yield* taken).address()
      const { port } = typeof address === "object" && address !== null ? address : { port: 0 }
      assert.deepEqual(yield* look(at(port)), [
        `problem: An agent could not listen at http://127.0.0.1:${port}: another process listens there already -> Free this address, or give another one`,
      ])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  const day = 24 * 60 * 60 * 1_000
  const url = "https://0.0.0.0:7"
  it.each<[string, Partial<ListenFacts>, ReadonlyArray<string>]>([
    ["listens", { runs: { pid: 7, listensAt: url } }, ["ok: The agent (pid 7) listens at"]],
    ["was started without", { runs: { pid: 7, listensAt: null } }, ["warning: The agent (pid 7) was started without"]],
    ["has a certificate that counts", { validUntil: 15 * day }, ["ok: "]],
    ["has one that ends soon", { validUntil: 14 * day }, ["ok: ", "warning: The certificate for https://0.0.0.0:7"]],
    ["has one that is over", { validUntil: 0 }, ["ok: ", "problem: The certificate for https://0.0.0.0:7 is over"]],
  ])("%s", (_, facts, expected) => {
    const findings = listenFindings({
      url,
      callers: ["ci"],
      validUntil: undefined,
      now: 0,
      runs: undefined,
      taken: undefined,
      ...facts,
    })
    assert.lengthOf(findings, expected.length)
    for (const [index, words] of expected.entries()) assert.include(said(findings)[index], words)
  })
})
