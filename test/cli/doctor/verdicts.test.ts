/** The verdicts of the checks, as functions of what they have found. */
import { assert, describe, it } from "@effect/vitest"
import { clockFinding } from "../../../src/cli/doctor/checks/clock.ts"
import { diskFinding } from "../../../src/cli/doctor/checks/disk.ts"
import { holderFinding } from "../../../src/cli/doctor/checks/holder.ts"
import { neededNode, nodeFinding } from "../../../src/cli/doctor/checks/node.ts"
import { stepText } from "../../../src/cli/doctor/checks/state.ts"
import { type MarkedProcess, orphansIn } from "../../../src/cli/doctor/orphansIn.ts"
import { lastMigration } from "../../../src/agent/store/migrations.ts"
import { readFileSync } from "node:fs"

describe("the Node of formae doctor", () => {
  it.each([
    ["22.18.0", "problem"],
    ["22.19.0", "ok"],
    ["23.9.0", "problem"],
    ["24.0.0", "ok"],
    ["26.1.0", "ok"],
    ["25.0.0-nightly20261101", "ok"],
    ["odd", "problem"],
  ])("%s: %s", (version, verdict) => {
    assert.strictEqual(nodeFinding(version, "/bin/node").verdict, verdict)
  })

  it("is the one that the package needs", () => {
    const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8")
    assert.strictEqual(JSON.parse(text).engines.node, neededNode)
  })
})

describe("the holder of a state", () => {
  const holder = { owner: "x", kind: "process", pid: 7, host: "there", start: null, since: 0 } as const
  it.each([
    [{ isLocked: true, holder, mayBeThere: true, isElsewhere: false }, "ok", "is using the state now (pid 7"],
    [{ isLocked: true, holder: undefined, mayBeThere: false, isElsewhere: false }, "ok", "is using the state now;"],
    [{ isLocked: false, holder: undefined, mayBeThere: false, isElsewhere: false }, "ok", "Nobody holds the state"],
    [{ isLocked: false, holder, mayBeThere: false, isElsewhere: false }, "ok", "takes it over"],
    [{ isLocked: false, holder, mayBeThere: true, isElsewhere: false }, "ok", "is using the state now (pid 7"],
    [{ isLocked: false, holder, mayBeThere: true, isElsewhere: true }, "problem", "cannot be seen from here"],
  ] as const)("%j: %s", (facts, verdict, words) => {
    const finding = holderFinding(facts)
    assert.strictEqual(finding.verdict, verdict)
    assert.include(finding.message, words)
  })
})

describe("a process of a plugin", () => {
  const node = "/bin/node"
  const marked = (pid: number, parent: number, program: string | undefined = node, launch = "l"): MarkedProcess => ({
    pid,
    parent,
    launch,
    plugin: "p@localhost",
    program,
  })
  const programs = (pid: number) =>
    new Map([
      [1, "/sbin/init"],
      [2, node],
      [3, "/usr/lib/systemd"],
    ]).get(pid)
  it.each([
    ["has an agent that runs the same Node", [marked(10, 2)], []],
    ["has what it started, though that was taken over", [marked(10, 2), marked(11, 1, "/bin/sleep")], []],
    ["is an orphan below the first process", [marked(10, 1)], [10]],
    ["is an orphan below another one that takes over", [marked(10, 3)], [10]],
    ["is an orphan with all that it started", [marked(10, 1), marked(11, 10, "/bin/sleep")], [10, 11]],
    ["has an agent as far as is known, where the parent is hidden", [marked(10, 4)], []],
    ["is an orphan beside a launch that is none", [marked(10, 2), marked(20, 1, node, "other")], [20]],
  ])("%s", (_, processes, expected) => {
    assert.deepEqual(
      orphansIn(processes, programs).map(({ pid }) => pid),
      expected,
    )
  })
})

describe("the tables of a state", () => {
  it("are those of an earlier version until they have taken the last step", () => {
    assert.include(stepText(lastMigration - 1), "that of an earlier version")
    assert.deepEqual([stepText(lastMigration), stepText(undefined)], ["", ""])
  })
})

describe("the clock", () => {
  it.each([
    [undefined, "ok"],
    [0, "ok"],
    [1_060_000, "ok"],
    [1_060_001, "warning"],
  ])("with files of %s: %s", (written, verdict) => {
    assert.strictEqual(clockFinding(1_000_000, written).verdict, verdict)
  })
})

describe("the space of a disk", () => {
  const mebibyte = 1024 * 1024
  it.each([
    [15, 0, "problem"],
    [16, 0, "warning"],
    [128, 0, "ok"],
    [215, 200, "problem"],
    [527, 200, "warning"],
    [528, 200, "ok"],
  ])("%d MiB for a state of %d MiB: %s", (free, size, verdict) => {
    assert.strictEqual(diskFinding("/", free * mebibyte, size * mebibyte).verdict, verdict)
  })
})
