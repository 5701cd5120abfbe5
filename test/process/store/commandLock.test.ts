import { assert, describe, it } from "@effect/vitest"
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { AgentProcesses } from "../../../src/agent/store/AgentProcesses.ts"
import { CommandLock } from "../../../src/agent/records/CommandLock.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { needs } from "../../needs.ts"

/** Starts a child that ends at once, prints its id, and cannot reap it before its own input has ended. */
const parentOfZombie = `
  const { spawn } = require("node:child_process")
  const { readFileSync, writeSync } = require("node:fs")
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" })
  writeSync(1, child.pid + "\\n")
  readFileSync(0)
`

const node = (script: string) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] })),
    (child) =>
      Effect.callback<void>((resume) => {
        child.once("exit", () => resume(Effect.void))
        child.stdin.end()
      }),
  )

const firstLineOf = (child: ChildProcess) =>
  Effect.callback<string>((resume) => {
    child.stdout?.once("data", (bytes: Buffer) => resume(Effect.succeed(bytes.toString().trim())))
  })

/** The third word: the name before it has no space here. */
const stateOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[2]

const untilZombie = (pid: number) =>
  Effect.repeat(
    Effect.sync(() => stateOf(pid)),
    { until: (state) => state === "Z", schedule: Schedule.spaced("5 millis") },
  )

/** A state file that is held by the process `pid` of this host, which started at `start`. */
const heldBy = Effect.fnUntraced(function* (pid: number, start: string | null) {
  const file = join(yield* temporaryFolder, "state.db")
  const layer = Layer.fresh(
    CommandLock.layer.pipe(Layer.provide(Store.layerFile(file)), Layer.provide(NodeServices.layer)),
  )
  yield* Effect.provide(Effect.asVoid(CommandLock), layer)
  const database = new DatabaseSync(file)
  database
    .prepare(
      "INSERT INTO command_lock (id, owner, pid, host, started_at, process_start) VALUES (1, 'other', ?, ?, 0, ?)",
    )
    .run(pid, hostname(), start)
  database.close()
  return { hold: Effect.provide(Effect.scoped(Effect.flatMap(CommandLock, ({ hold }) => hold)), layer) }
})

const startOf = (pid: number) => {
  const started = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[21]
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${started}`
}

describe("a state that a process of this host holds", needs("Linux", process.platform === "linux"), () => {
  it.live("is in use while that process lives", () =>
    Effect.gen(function* () {
      const child = yield* node(`process.stdout.write("up"); require("node:fs").readFileSync(0)`)
      assert.strictEqual(yield* firstLineOf(child), "up")
      const pid = child.pid ?? 0
      const error = yield* Effect.flip((yield* heldBy(pid, startOf(pid))).hold)
      assert.deepInclude(error, { _tag: "StateInUse", pid })
    }),
  )

  it.live("is free if another process has its id now, after a reboot too", () =>
    Effect.gen(function* () {
      const child = yield* node(`process.stdout.write("up"); require("node:fs").readFileSync(0)`)
      assert.strictEqual(yield* firstLineOf(child), "up")
      const pid = child.pid ?? 0
      const [boot = "", started = ""] = startOf(pid).split(" ")
      for (const start of [`${boot} ${Number(started) - 1}`, `00000000-0000-4000-8000-000000000000 ${started}`]) {
        assert.deepInclude(yield* (yield* heldBy(pid, start)).hold, { takenOver: true })
      }
    }),
  )

  it.live("is free if that process was killed and not yet reaped", () =>
    Effect.gen(function* () {
      const parent = yield* node(parentOfZombie)
      const pid = Number(yield* firstLineOf(parent))
      yield* untilZombie(pid)
      // It still answers.
      assert.isTrue(process.kill(pid, 0))
      for (const start of [startOf(pid), null]) {
        assert.deepInclude(yield* (yield* heldBy(pid, start)).hold, { takenOver: true })
      }
      const { isRunning } = yield* Effect.provide(AgentProcesses, AgentProcesses.layer)
      assert.isFalse(yield* isRunning(pid, startOf(pid)))
    }),
  )
})
