import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { effectiveSettings } from "../../../src/agent/configuration/effectiveSettings.ts"
import { readConfigurationText } from "../../../src/agent/configuration/readConfigurationText.ts"
import { describeOrigin, type Setting } from "../../../src/agent/configuration/Setting.ts"
import { shownData, shownValue } from "../../../src/agent/configuration/shownValue.ts"
import { stateAbove } from "../../../src/cli/AgentConfig.ts"
import { withFlags } from "../../../src/cli/config/flagSettings.ts"

const places = {
  folder: "/a",
  isAbove: false,
  plugins: ".formae/plugins",
  state: ".formae/state.db",
  configuration: undefined,
}
const noFlags = { state: Option.none<string>(), plugins: [], onlyPlugins: [] }

const fileSettings = Result.getOrThrow(
  readConfigurationText("state: s.db\nplugins: [a]\nsupervision: { limits: { heapMiB: 64 } }", "c.yaml"),
)
const variable: Setting = { path: ["state"], value: "v.db", origin: { _tag: "Variable", name: "FORMAE_STATE" } }

const held = (given: ReadonlyArray<Setting>, flags: Partial<Parameters<typeof withFlags>[0]> = {}) =>
  new Map(
    effectiveSettings(withFlags({ ...noFlags, ...flags }, { given, places })).map(
      ({ origin, path, value }) => [path.join("."), [value, describeOrigin(origin)]] as const,
    ),
  )

describe("what holds", () => {
  it("is the default where nothing is given, and the state of the folder", () => {
    const settings = held([])
    assert.deepEqual(settings.get("state"), [".formae/state.db", "default"])
    assert.deepEqual(settings.get("operator.retry.maxRetries"), [9, "default"])
    assert.deepEqual(settings.get("supervision.restart.intensity.restarts"), [5, "default"])
    assert.isFalse(settings.has("supervision.limits.heapMiB"))
    assert.isFalse(settings.has("plugins"))
  })

  it("is a flag before a variable, and a variable before the file", () => {
    assert.deepEqual(held(fileSettings).get("state"), ["s.db", "c.yaml:1:1"])
    assert.deepEqual(held(fileSettings).get("supervision.limits.heapMiB"), [64, "c.yaml:3:26"])
    assert.deepEqual(held([...fileSettings, variable]).get("state"), ["v.db", "FORMAE_STATE"])
    assert.deepEqual(held([...fileSettings, variable], { state: Option.some("f.db") }).get("state"), [
      "f.db",
      "--state",
    ])
  })

  it("has a state above only where that was found, and not named", () => {
    const above = { ...places, isAbove: true, state: "/a/.formae/state.db" }
    assert.strictEqual(stateAbove(noFlags, { places: above }), "/a/.formae/state.db")
    assert.isUndefined(stateAbove(noFlags, { places }))
    assert.isUndefined(stateAbove(noFlags, { places: above, state: "s.db" }))
    assert.isUndefined(stateAbove({ state: Option.some("s.db") }, { places: above }))
  })

  it("has no other folders of plugins where they are named as all", () => {
    const settings = held(fileSettings, { onlyPlugins: ["b"] })
    assert.deepEqual(settings.get("onlyPlugins"), [["b"], "--only-plugins"])
    assert.isFalse(settings.has("plugins"))
    assert.deepEqual(held(fileSettings, { plugins: ["b"] }).get("plugins"), [["b"], "--plugins"])
  })

  it("is shown without what goes to a plugin", () => {
    const path = ["plugin", "aws", "settings"]
    const value = { token: "canary", tags: { prefix: "canary" } }
    assert.strictEqual(shownValue(path, value), "token (value is not shown), tags (value is not shown)")
    assert.deepEqual(shownData(path, value), { token: { secret: true }, tags: { secret: true } })
    const environment = ["plugin", "aws", "environment"]
    const variables = { PROFILE: { env: "TEAM_PROFILE" }, TOKEN: "canary" }
    assert.strictEqual(
      shownValue(environment, variables),
      "PROFILE from the variable TEAM_PROFILE, TOKEN (value is not shown)",
    )
    assert.deepEqual(shownData(environment, variables), { PROFILE: { env: "TEAM_PROFILE" }, TOKEN: { secret: true } })
    assert.strictEqual(shownValue(["operator", "retry", "maxRetries"], 3), "3")
  })
})
