import { assert, describe, it } from "@effect/vitest"
import { type HangupTraces, ignoresHangup } from "../../src/cli/ignoresHangup.ts"

/** A process that was started from a terminal. */
const started = (
  environment: HangupTraces["environment"] = {},
  files: Readonly<Record<string, string>> = {},
  open: Readonly<Record<number, string>> = { 0: "/dev/pts/1", 1: "/dev/pts/1", 2: "/dev/pts/1" },
): HangupTraces => ({
  environment: { HOME: "/home/ada", ...environment },
  read: (file) => files[file],
  isFile: (descriptor, file) => open[descriptor] === file,
  parent: 7,
})

const flags = (octal: string) => ({ "/proc/self/fdinfo/0": `pos:\t0\nflags:\t${octal}\nmnt_id:\t30\n` })
const parent = (mask: string) => ({ "/proc/7/status": `Name:\tbash\nSigBlk:\t0000000000000000\nSigIgn:\t${mask}\n` })

describe("a process", () => {
  it.each([
    ["that nohup started, as its shell says", started({ _: "/usr/bin/nohup" }), true],
    ["that writes to nohup.out here", started({}, {}, { 1: "nohup.out" }), true],
    ["that writes to nohup.out at home", started({}, {}, { 2: "/home/ada/nohup.out" }), true],
    ["whose stdin nohup has replaced", started({}, flags("0100001"), { 0: "/dev/null" }), true],
    ["of a script that ignores the signal", started({}, parent("0000000000001001")), true],
    ["of a terminal", started({ _: "/usr/bin/node" }, { ...flags("02"), ...parent("0000000000001000") }), false],
    ["whose stdin is /dev/null, to read from it", started({}, flags("0100000"), { 0: "/dev/null" }), false],
    ["of which nothing can be read", started({ HOME: undefined }), false],
  ])("%s", (_, traces, ignores) => {
    assert.strictEqual(ignoresHangup(traces), ignores)
  })
})
