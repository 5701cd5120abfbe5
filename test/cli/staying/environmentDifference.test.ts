import { assert, describe, it } from "@effect/vitest"
import { type ComparedEnvironments, environmentDifference } from "../../../src/cli/staying/environmentDifference.ts"
import { describeOtherEnvironment } from "../../../src/cli/staying/otherAgent.ts"
import { environmentDigests } from "../../../src/control/mapping/environmentDigests.ts"

type Variables = ComparedEnvironments["own"]

const differing = (own: Variables, here: Variables, { asked = ["AWS_*", "PATH"], platform = "linux" } = {}) =>
  environmentDifference({ own, digests: environmentDigests(here, "salt"), salt: "salt", asked, platform })

describe("the environment of an agent", () => {
  it.each<[string, Variables, Variables, ReadonlyArray<string>]>([
    ["another value", { AWS_PROFILE: "dev" }, { AWS_PROFILE: "prod" }, ["AWS_PROFILE"]],
    ["a value that the agent lacks", {}, { AWS_PROFILE: "prod" }, ["AWS_PROFILE"]],
    ["a value that the command lacks", { AWS_PROFILE: "dev" }, {}, ["AWS_PROFILE"]],
    ["an empty value, which is one", { AWS_PROFILE: "" }, {}, ["AWS_PROFILE"]],
    ["the home folder", { HOME: "/a" }, { HOME: "/b" }, ["HOME"]],
    ["a setting of the command", {}, { FORMAE_PLUGIN_AWS_ENABLED: "false" }, ["FORMAE_PLUGIN_AWS_ENABLED"]],
    ["several, by their names", { AWS_B: "1", AWS_A: "1" }, { AWS_B: "2" }, ["AWS_A", "AWS_B"]],
    ["the same value", { AWS_PROFILE: "dev" }, { AWS_PROFILE: "dev" }, []],
    ["a setting of the agent", { FORMAE_OPERATOR_RETRY_MAX_RETRIES: "1" }, {}, []],
    ["a setting for the agent alone", {}, { FORMAE_AGENT_IDLE_MILLIS: "1", FORMAE_STATE: "a.db" }, []],
    ["what every program sees", { PATH: "/a", LANG: "C" }, { PATH: "/b", LANG: "de" }, []],
    ["what no plugin asks for", { EDITOR: "vi" }, { EDITOR: "ed" }, []],
    ["what no plugin gets", { NODE_OPTIONS: "--a" }, {}, []],
  ])("compares %s", (_, own, here, expected) => {
    assert.deepEqual(differing(own, here), expected)
  })

  it("takes names for one that the system takes for one", () => {
    assert.deepEqual(differing({ AWS_profile: "a" }, { aws_PROFILE: "a" }, { platform: "win32" }), [])
    assert.deepEqual(differing({ AWS_profile: "a" }, { AWS_PROFILE: "a" }), ["AWS_PROFILE", "AWS_profile"])
  })

  it("gives no value away", () => {
    const digests = environmentDigests({ AWS_SECRET_ACCESS_KEY: "canary" }, "salt")
    assert.notInclude(JSON.stringify(digests), "canary")
    assert.notDeepEqual(digests, environmentDigests({ AWS_SECRET_ACCESS_KEY: "canary" }, "pepper"))
  })

  it("is said by its names, and the folder where they are the same", () => {
    assert.strictEqual(describeOtherEnvironment({ variables: [] }, "state.db"), undefined)
    assert.match(describeOtherEnvironment({ variables: ["AWS_PROFILE"], folder: "/a" }, "s") ?? "", /: AWS_PROFILE\. /)
    assert.match(describeOtherEnvironment({ variables: [], folder: "/a" }, "s") ?? "", /in the folder \/a,/)
  })
})
