import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { lookElsewhere } from "../../../src/cli/doctor/elsewhere.ts"

describe("the agent elsewhere, by formae doctor", () => {
  it.live.each<[Readonly<Record<string, string>>, ReadonlyArray<string>]>([
    [{}, []],
    [{ FORMAE_AGENT: "https://localhost:1" }, ["problem there is no token for it"]],
    [
      { FORMAE_AGENT: "https://localhost:1", FORMAE_AGENT_TOKEN: "a-token" },
      ["problem no agent answers there: the connection was refused (ECONNREFUSED)"],
    ],
  ])("is looked for where %j says so", ([environment, said]) =>
    Effect.gen(function* () {
      const found = yield* Effect.provideService(lookElsewhere, HostEnvironment, environment)
      assert.lengthOf(found, said.length)
      for (const [index, { message, verdict }] of found.entries()) {
        const [expected = "", ...words] = said[index]?.split(" ") ?? []
        assert.deepEqual([verdict, message.includes(words.join(" "))], [expected as typeof verdict, true], message)
      }
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
