import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import * as SemVerRange from "effect/SemVerRange"
import { type Candidate, chooseManifests } from "../../../src/agent/catalog/CatalogChoice.ts"
import { Namespace } from "../../../src/protocol/Identity.ts"

const agent = SemVer.parseUnsafe("0.4.0")

const candidate = (
  directory: string,
  {
    minAgent = "0.1.0",
    namespace = "AWS",
    protocol = { min: 1, max: 1 },
    version = "1.0.0",
  }: {
    readonly namespace?: string
    readonly version?: string
    readonly minAgent?: string
    readonly protocol?: { readonly min: number; readonly max: number }
  } = {},
): Candidate => ({
  directory,
  entryPath: `${directory}/main.js`,
  manifest: {
    name: directory,
    namespace: Namespace.make(namespace),
    version: SemVer.parseUnsafe(version),
    protocol,
    minAgentVersion: SemVer.parseUnsafe(minAgent),
    entry: "main.js",
    environment: [],
  },
})

const choice = (...candidates: ReadonlyArray<Candidate>) => {
  const { chosen, rejected } = chooseManifests(candidates, agent)
  return {
    chosen: Object.fromEntries([...chosen].map(([key, { directory }]) => [key, directory])),
    rejected: rejected.map(({ path, reason }) => `${path}: ${reason}`),
  }
}

describe("a plugin whose versions are limited", () => {
  const limited = (range: string, ...candidates: ReadonlyArray<Candidate>) => {
    const { chosen, rejected } = chooseManifests(candidates, agent, (plugin) =>
      plugin === "aws" ? { range: SemVerRange.parseUnsafe(range), saidBy: "formae.config.yaml:3:5" } : undefined,
    )
    return {
      chosen: [...chosen.values()].map(({ manifest }) => SemVer.format(manifest.version)),
      rejected: rejected.map(({ reason }) => reason),
    }
  }
  const [old, present, next] = ["1.2.0", "1.9.0", "2.0.0"].map((version) => candidate("aws", { version }))

  it("is taken in the highest version that is allowed, and the others are rejected with the place that says so", () => {
    if (old === undefined || present === undefined || next === undefined) return assert.fail()
    assert.deepEqual(limited("^1.2", old, next, present), {
      chosen: ["1.9.0"],
      rejected: [
        "its version 2.0.0 is not one of ^1.2, which formae.config.yaml:3:5 allows alone: install another version, or allow this one there",
      ],
    })
    assert.deepEqual(limited("^3", old, present).chosen, [])
  })

  it("does not limit others", () => {
    assert.deepEqual(limited("^3", candidate("azure")), { chosen: ["1.0.0"], rejected: [] })
  })
})

describe("of several plugins for one namespace", () => {
  it("the highest version is taken, wherever it stands", () => {
    const [low, high, middle] = [
      candidate("low", { version: "1.9.0" }),
      candidate("high", { version: "1.10.0" }),
      candidate("middle", { version: "1.9.9" }),
    ]
    for (const order of [
      [low, high, middle],
      [high, middle, low],
      [middle, low, high],
    ]) {
      assert.deepEqual(choice(...order), { chosen: { aws: "high" }, rejected: [] })
    }
  })

  it("a release is higher than what came before it", () => {
    const before = candidate("before", { version: "2.0.0-rc.1" })
    assert.deepEqual(choice(before, candidate("release", { version: "2.0.0" })).chosen, { aws: "release" })
    assert.deepEqual(choice(before, candidate("old", { version: "1.9.9" })).chosen, { aws: "before" })
  })

  it("of two equal versions the earlier folder is taken", () => {
    assert.deepEqual(choice(candidate("first"), candidate("second")).chosen, { aws: "first" })
  })

  it("namespaces are the same without regard to case", () => {
    const upper = candidate("upper", { namespace: "AWS" })
    const lower = candidate("lower", { namespace: "aws", version: "1.0.1" })
    assert.deepEqual(choice(upper, lower).chosen, { aws: "lower" })
  })

  it.prop(
    "it is the highest one of those that this agent can run",
    [
      Arbitrary.array(
        Arbitrary.schema(Schema.Tuple([Schema.Literals([1, 2, 3]), Schema.Literals([1, 2]), Schema.Literals([3, 5])])),
        { maxLength: 12 },
      ),
    ],
    ([versions]) => {
      const candidates = versions.map(([version, protocol, minAgent], index) =>
        candidate(`${index}`, {
          version: `${version}.0.0`,
          protocol: { min: protocol, max: protocol },
          minAgent: `0.${minAgent}.0`,
        }),
      )
      const able = versions.flatMap(([version, protocol, minAgent], index) =>
        protocol === 1 && minAgent === 3 ? [{ version, index }] : [],
      )
      const highest = Math.max(...able.map(({ version }) => version))
      const best = able.find(({ version }) => version === highest)
      const { chosen, rejected } = choice(...candidates)
      assert.strictEqual(chosen["aws"], best === undefined ? undefined : `${best.index}`)
      assert.lengthOf(rejected, versions.length - able.length)
    },
  )
})

describe("a plugin that this agent cannot run", () => {
  it("is rejected with what to do, and an older one is taken in its place", () => {
    assert.deepEqual(
      choice(
        candidate("future", { version: "3.0.0", protocol: { min: 2, max: 3 } }),
        candidate("past", { version: "0.1.0", protocol: { min: 0, max: 0 } }),
        candidate("demanding", { version: "2.0.0", minAgent: "0.5.0" }),
        candidate("fitting", { version: "1.0.0", minAgent: "0.4.0", protocol: { min: 0, max: 9 } }),
      ),
      {
        chosen: { aws: "fitting" },
        rejected: [
          "future: it speaks protocol 2 to 3, but this agent speaks 1: upgrade the agent",
          "past: it speaks protocol 0, but this agent speaks 1: upgrade the plugin",
          "demanding: it needs agent 0.5.0 or later, but this is 0.4.0: upgrade the agent",
        ],
      },
    )
  })
})
