import { assert, describe, it } from "@effect/vitest"
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

const parent = process.ppid

/** A line of /proc/PID/stat. The name of the process is in brackets, and may be anything. */
const statOf = (pid: number, { name = "node", start = 500, state = "S" } = {}) =>
  `${pid} (${name}) ${state} 1 2 3 0 -1 4194304 103 0 1 0 0 0 0 0 20 0 1 0 ${start} 3133440 376 18446744073709551615\n`

/** What Linux would report in /proc about this process and its parent. */
const procOf = Effect.fnUntraced(function* ({
  boot = "1165e965",
  self = statOf(process.pid),
  other = statOf(parent),
}: {
  readonly boot?: string
  readonly self?: string
  readonly other?: string
} = {}) {
  const folder = yield* temporaryFolder
  mkdirSync(join(folder, "sys/kernel/random"), { recursive: true })
  writeFileSync(join(folder, "sys/kernel/random/boot_id"), `${boot}\n`)
  for (const [pid, stat] of [
    [process.pid, self],
    [parent, other],
  ] as const) {
    mkdirSync(join(folder, String(pid)))
    writeFileSync(join(folder, String(pid), "stat"), stat)
  }
  symlinkSync(String(process.pid), join(folder, "self"))
  return folder
})

const processesOf = (proc: string) => Effect.provide(AgentProcesses, AgentProcesses.layerProc(proc))

describe("the processes of this host", () => {
  it.effect("can be told from those that are gone", () =>
    Effect.gen(function* () {
      const { isRunning, pid, start } = yield* AgentProcesses
      assert.strictEqual(pid, process.pid)
      assert.isTrue(yield* isRunning(process.pid, start))
      assert.isTrue(yield* isRunning(process.pid, null))
      assert.isTrue(yield* isRunning(1, null))
      assert.isFalse(yield* isRunning(2 ** 22 + 1, null))
    }).pipe(Effect.provide(AgentProcesses.layer)),
  )

  it.effect("have a start that is always the same", () =>
    Effect.gen(function* () {
      const again = yield* processesOf("/proc")
      assert.strictEqual((yield* AgentProcesses).start, again.start)
      if (process.platform === "linux") assert.match(again.start ?? "", /^[0-9a-f-]{36} \d+ \d+$/)
      else assert.isNull(again.start)
    }).pipe(Effect.provide(AgentProcesses.layer)),
  )

  it.effect("can be told from others that had their id, since the machine booted or before", () =>
    Effect.gen(function* () {
      const { isRunning, start } = yield* processesOf(yield* procOf({ self: statOf(process.pid, { start: 77 }) }))
      assert.strictEqual(start, "1165e965 77")
      assert.isTrue(yield* isRunning(parent, "1165e965 500"))
      assert.isFalse(yield* isRunning(parent, "1165e965 499"))
      assert.isFalse(yield* isRunning(parent, "0065e965 500"))
      // A row without a start does not say which process it was.
      assert.isTrue(yield* isRunning(parent, null))
    }),
  )

  it.effect.each(["node", "a) S 1 (b", "", "(", ")", "x\ny"])("may have any name: %s", (name) =>
    Effect.gen(function* () {
      const { isRunning } = yield* processesOf(yield* procOf({ other: statOf(parent, { name }) }))
      assert.isTrue(yield* isRunning(parent, "1165e965 500"))
      assert.isFalse(yield* isRunning(parent, "1165e965 501"))
    }),
  )

  it.effect.each(["Z", "X", "x"])("count as gone when they are dead but not yet reaped (%s)", (state) =>
    Effect.gen(function* () {
      const { isRunning } = yield* processesOf(yield* procOf({ other: statOf(parent, { state }) }))
      assert.isFalse(yield* isRunning(parent, "1165e965 500"))
      assert.isFalse(yield* isRunning(parent, null))
    }),
  )

  it.effect.each([
    ["is missing", "missing"],
    ["contains nonsense", "nonsense"],
    ["belongs to other processes", `${statOf(process.pid + 1)}`],
  ] as const)("count as running if they exist and /proc %s", ([, self]) =>
    Effect.gen(function* () {
      const proc = yield* procOf({ self })
      const { isRunning, start } = yield* processesOf(self === "missing" ? join(proc, "missing") : proc)
      assert.isNull(start)
      assert.isTrue(yield* isRunning(parent, "1165e965 499"))
      assert.isFalse(yield* isRunning(2 ** 22 + 1, "1165e965 499"))
    }),
  )

  it.effect("have a start by the /proc of the host of a container, and count as running if they exist", () =>
    Effect.gen(function* () {
      const proc = yield* procOf({ self: statOf(process.pid + 1, { start: 77 }) })
      mkdirSync(join(proc, "self", "ns"))
      symlinkSync("pid:[17]", join(proc, "self", "ns", "pid"))
      const { canSee, isRunning, start } = yield* processesOf(proc)
      assert.strictEqual(start, "1165e965 77 17")
      assert.isTrue(yield* isRunning(parent, "1165e965 499 17"))
      assert.isFalse(canSee("1165e965 78 18"))
    }),
  )

  it.effect("count as running if they exist and their stat cannot be read", () =>
    Effect.gen(function* () {
      const { isRunning } = yield* processesOf(yield* procOf({ other: "nonsense" }))
      assert.isTrue(yield* isRunning(parent, "1165e965 499"))
    }),
  )
})
