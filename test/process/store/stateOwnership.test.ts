import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { inNamespace, type NamespaceKind, needsNamespace } from "../namespaces.ts"
import { applyItem } from "./keeper.ts"

const script = fileURLToPath(new URL("keeperProcess.ts", import.meta.url))
const program = [process.execPath, "--conditions=formae-source", script]

/** A command in which `before` is done in a namespace, and then the program started. */
const programIn = (kind: NamespaceKind, before = "") => inNamespace(kind, `${before} exec "$@"`, "sh", ...program)

/** A process that applies the item in `folder`, as its own agent. */
const keeper = Effect.fnUntraced(function* (folder: string, command: ReadonlyArray<string> = program) {
  const [file = "", ...args] = command
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(file, [...args, folder], { stdio: ["pipe", "pipe", "inherit"] })),
    (running) =>
      Effect.callback<void>((resume) => {
        if (running.exitCode !== null || running.signalCode !== null) return resume(Effect.void)
        running.once("exit", () => resume(Effect.void))
        running.kill("SIGKILL")
      }),
  )
  const lines = yield* Queue.unbounded<string>()
  createInterface({ input: child.stdout }).on("line", (line) => Queue.offerUnsafe(lines, line))
  return {
    says: Queue.take(lines),
    answer: Effect.sync(() => child.stdin.write("answer\n")),
    signal: (name: NodeJS.Signals) => Effect.sync(() => child.kill(name)),
    /** Killed without a chance to give anything back. */
    kill: Effect.callback<void>((resume) => {
      child.once("exit", () => resume(Effect.void))
      child.kill("SIGKILL")
    }),
  }
})

const creates = (folder: string) => readFileSync(join(folder, "creates.log"), "utf8").trim().split("\n").length

const ownership = (folder: string) => {
  const database = new DatabaseSync(join(folder, "state.db"), { readOnly: true })
  try {
    return database.prepare("SELECT epoch, owner, pid, host FROM state_ownership").get()
  } finally {
    database.close()
  }
}

const assertInUse = (folder: string) =>
  Effect.map(Effect.flip(applyItem(folder)), ({ _tag }) => assert.strictEqual(_tag, "StateInUse"))

describe("a state that another process holds", () => {
  it.live("is in use while it lives, and free once it was killed", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const other = yield* keeper(folder)
      assert.strictEqual(yield* other.says, "created")
      yield* assertInUse(folder)
      yield* other.kill
      assert.deepEqual(yield* applyItem(folder), ["create succeeded"])
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
      assert.deepInclude(ownership(folder), { owner: null })
    }),
  )

  it.live("is in use under another name of its file", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const other = yield* keeper(folder)
      assert.strictEqual(yield* other.says, "created")
      const elsewhere = join(folder, "elsewhere")
      mkdirSync(elsewhere)
      symlinkSync(join(folder, "state.db"), join(elsewhere, "state.db"))
      yield* assertInUse(elsewhere)
      assert.isFalse(existsSync(join(elsewhere, "state.db.lock")))
    }),
  )

  it.live("has a lock file that is empty, for those who may use the state", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* applyItem(folder)
      const [lock, state] = ["state.db.lock", "state.db"].map((name) => statSync(join(folder, name)))
      assert.strictEqual(lock?.size, 0)
      assert.strictEqual(lock?.mode, state?.mode)
      assert.isFalse(existsSync(join(folder, "state.db.lock-journal")))
    }),
  )

  it.live("is in use while its process is paused; if its lock was removed, it writes nothing when it goes on", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const stale = yield* keeper(folder)
      assert.strictEqual(yield* stale.says, "created")
      yield* stale.signal("SIGSTOP")
      yield* assertInUse(folder)
      rmSync(join(folder, "state.db.lock"))
      assert.deepEqual(yield* applyItem(folder), ["create succeeded"])
      const after = ownership(folder)
      yield* stale.signal("SIGCONT")
      yield* stale.answer
      assert.strictEqual(yield* stale.says, "StateTaken")
      assert.deepEqual(ownership(folder), after)
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
    }),
  )
})

describe("two agents of one machine that cannot see each other's processes", needsNamespace("pid"), () => {
  it.live("do not both hold a state, and one of them creates", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const first = yield* keeper(folder, programIn("pid"))
      assert.strictEqual(yield* first.says, "created")
      const second = yield* keeper(folder, programIn("pid"))
      assert.strictEqual(yield* second.says, "StateInUse")
      yield* assertInUse(folder)
      yield* first.answer
      assert.strictEqual(yield* first.says, "create succeeded")
      assert.strictEqual(creates(folder), 1)
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
    }),
  )
})

describe.each([
  ["of their own", "container"],
  // As a container has that shares the one of its host.
  ["of the host", "pid"],
] as const)(
  "two agents that are process 1 of their containers, with a /proc %s, on one database, under one host name",
  (_, kind) => {
    it.live(
      "are not taken for one another: the second is refused, and the first one ends its work",
      () =>
        Effect.gen(function* () {
          const folder = yield* temporaryFolder
          const inContainer = inNamespace(kind, `[ $$ = 1 ] && exec "$@" hosts`, "sh", ...program)
          const first = yield* keeper(folder, inContainer)
          assert.strictEqual(yield* first.says, "created")
          const second = yield* keeper(folder, inContainer)
          assert.strictEqual(yield* second.says, "StateInUse")
          yield* first.answer
          assert.strictEqual(yield* first.says, "create succeeded")
          assert.strictEqual(creates(folder), 1)
        }),
      needsNamespace(kind),
    )
  },
)

describe("a state that was left by a killed process of a host with another name", needsNamespace("host"), () => {
  it.live("is free, here and for the next host", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const first = yield* keeper(folder, programIn("host", "hostname ci-1 &&"))
      assert.strictEqual(yield* first.says, "created")
      yield* first.kill
      assert.deepInclude(ownership(folder), { host: "ci-1" })
      const second = yield* keeper(folder, programIn("host", "hostname ci-2 &&"))
      assert.strictEqual(yield* second.says, "created")
      yield* second.answer
      assert.strictEqual(yield* second.says, "create succeeded")
      assert.deepEqual(yield* applyItem(folder), ["noop succeeded"])
    }),
  )
})

describe("a state that was moved with its folder", () => {
  it.live("is free at its new place", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const before = join(folder, "before")
      mkdirSync(before)
      yield* applyItem(before)
      renameSync(before, join(folder, "after"))
      assert.deepEqual(yield* applyItem(join(folder, "after")), ["noop succeeded"])
    }),
  )
})
