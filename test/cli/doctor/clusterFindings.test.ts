import { assert, describe, it } from "@effect/vitest"
import type { ClusterReport } from "../../../src/cluster/ClusterReport.ts"
import { clusterFindings } from "../../../src/cli/doctor/clusterFindings.ts"

const runner = (name: string, healthy = true, lagMillis = 900) => ({
  runner: name,
  healthy,
  lagMillis,
  namespaces: ["AWS"],
  shards: 5,
  rateShares: [],
})

const said = (report: Partial<ClusterReport>) =>
  clusterFindings({ runners: [], documents: [], messages: 0, unfinished: 0, ...report }).map(
    ({ message, verdict }) => `${verdict}: ${message}`,
  )

describe("what is said of the runners of a state", () => {
  it("is nothing where none has ever shared it", () => assert.deepEqual(clusterFindings(undefined), []))

  it("names those that are there, and each that does not answer", () => {
    assert.deepEqual(said({ runners: [runner("a:1"), runner("b:1")] }), ["ok: 2 runners share the state: a:1, b:1"])
    assert.deepEqual(said({ runners: [runner("a:1"), runner("b:1", false, 19_000)] }), [
      "ok: One runner shares the state: a:1",
      "warning: The runner b:1 does not answer. It has last renewed its lease 19 s ago",
    ])
  })

  it("warns of commands that nobody continues", () => {
    assert.deepEqual(said({}), ["ok: Runners have shared the state, and there is none now"])
    assert.deepEqual(said({ unfinished: 2 }), ["warning: There is no runner now, and 2 commands have not ended"])
  })
})
