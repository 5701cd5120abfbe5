import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { namedAgent, refuseElsewhere } from "../../../src/cli/staying/namedAgent.ts"

const named = (environment: Readonly<Record<string, string>>) =>
  namedAgent.pipe(Effect.provideService(HostEnvironment, environment), Effect.provide(NodeServices.layer))

const token = "formae_0123456789abcdef"

describe("the agent that the environment names", () => {
  it.effect("is reached with its token, given or in a file, and with its own certificate", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const folder = yield* fs.makeTempDirectoryScoped()
      yield* fs.writeFileString(`${folder}/token`, `${token}\n`)
      yield* fs.writeFileString(`${folder}/ca.pem`, "a certificate")
      const given = yield* named({ FORMAE_AGENT: "https://agent.example:7777/", FORMAE_AGENT_TOKEN: token })
      const found = yield* named({
        FORMAE_AGENT: "http://127.0.0.1:7777",
        FORMAE_AGENT_TOKEN: "",
        FORMAE_AGENT_TOKEN_FILE: `${folder}/token`,
        FORMAE_AGENT_CA: `${folder}/ca.pem`,
      })
      assert.deepEqual(
        [given, found].map((one) => [one?.url, one && Redacted.value(one.token), one?.ca]),
        [
          ["https://agent.example:7777", token, undefined],
          ["http://127.0.0.1:7777", token, "a certificate"],
        ],
      )
      assert.notInclude(JSON.stringify(given) + String(given?.token), token)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
  )

  it.effect.each([{}, { FORMAE_AGENT: "" }, { FORMAE_AGENT_TOKEN: token }])("is none by %j", (environment) =>
    Effect.gen(function* () {
      assert.isUndefined(yield* named(environment))
      yield* Effect.provideService(refuseElsewhere("unlock"), HostEnvironment, environment)
    }),
  )

  it.effect.each<[string, string]>([
    ["agent.example:7777", "Expected the URL"],
    ["https://agent.example/v1", "Expected the URL"],
    ["https://me:secret@agent.example", "Expected the URL"],
    ["http://agent.example:7777", "is not reached by HTTPS"],
    ["http://127.0.0.1.example", "is not reached by HTTPS"],
    ["ftp://localhost", "is not reached by HTTPS"],
  ])("is refused at %s", ([url, says]) =>
    Effect.gen(function* () {
      const refused = yield* Effect.flip(named({ FORMAE_AGENT: url, FORMAE_AGENT_TOKEN: token }))
      assert.include(refused.message, says)
      assert.notInclude(refused.message, token)
    }),
  )

  it.effect("is refused without a token, and with one that no header has", () =>
    Effect.gen(function* () {
      for (const one of [{}, { FORMAE_AGENT_TOKEN: "two words" }, { FORMAE_AGENT_TOKEN: "a\nb" }]) {
        const refused = yield* Effect.flip(named({ FORMAE_AGENT: "https://agent.example", ...one }))
        assert.include(refused.message, "there is no token for it. Set FORMAE_AGENT_TOKEN")
      }
      const environment = { FORMAE_AGENT: "https://agent.example" }
      const here = yield* Effect.flip(Effect.provideService(refuseElsewhere("unlock"), HostEnvironment, environment))
      assert.include(here.message, "Run it where the agent runs")
    }),
  )
})
