import { assert, describe, it } from "@effect/vitest"
import * as SemVer from "effect/SemVer"
import type { CatalogEntry } from "../../src/agent/index.ts"
import { describeRemarks, remarksOn } from "../../src/cli/pluginRemarks.ts"

const entry = (name: string, namespace: string, directory: string, environment: ReadonlyArray<string> = []) =>
  ({
    directory,
    entryPath: `${directory}/main.mjs`,
    manifest: {
      name,
      namespace,
      version: SemVer.parseUnsafe("1.2.3"),
      protocol: { min: 1, max: 1 },
      minAgentVersion: SemVer.parseUnsafe("0.1.0"),
      entry: "main.mjs",
      environment,
    },
  }) as CatalogEntry

const shipped = [entry("aws", "AWS", "/shipped/aws", ["AWS_*"]), entry("fake-aws", "FakeAWS", "/shipped/fake-aws")]

describe("what is remarked on a plugin", () => {
  it.each([
    ["it comes with formae", entry("aws", "AWS", "/shipped/aws", ["GITHUB_TOKEN"])],
    ["it has a namespace of its own", entry("mine", "Mine", "/mine", ["MINE_*", "MINE_TOKEN"])],
    ["it sees what each plugin sees", entry("mine", "Mine", "/mine", ["HOME", "PATH", "LC_*", "https_proxy"])],
    ["it has a namespace of two words", entry("mine", "MyCloud", "/mine", ["MYCLOUD_KEY", "MY_CLOUD_*"])],
  ])("is nothing if %s", (_, found) => {
    assert.isUndefined(remarksOn(found, shipped))
  })

  it("is which plugin it takes the place of, whatever the case of the namespace", () => {
    const remarks = remarksOn(entry("mine", "aWs", "/mine"), shipped)
    assert.deepEqual(remarks, { displaces: { name: "aws", version: "1.2.3" }, beyondNamespace: [] })
    assert.deepEqual(remarks === undefined ? [] : describeRemarks("mine", remarks), [
      "The plugin mine takes the place of aws 1.2.3, which comes with formae",
    ])
  })

  it.each(["AWS_*", "MIN*", "MINE*", "mine_key", "GITHUB_TOKEN", "LC_ALL_OF_IT", "M*"])(
    "is %s, which is not of its namespace",
    (asked) => {
      assert.deepEqual(remarksOn(entry("mine", "Mine", "/mine", ["MINE_KEY", asked]), shipped), {
        displaces: null,
        beyondNamespace: [asked],
      })
    },
  )
})
