import { assert, it } from "@effect/vitest"
import * as SemVer from "effect/SemVer"
import { readFileSync } from "node:fs"
import { agentVersion } from "../src/agent/version.ts"

it("the agent's version is the one of its package", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  assert.strictEqual(SemVer.format(agentVersion), version)
})
