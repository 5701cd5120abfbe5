import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { descendantsOf } from "./processState.ts"
import { columnIn, untilIn } from "./rows.ts"

/** With what JSON, URLs and shells write otherwise than it is. */
const canary = 'can"ary/\\ 7d1f+ü%&\n<end>'

/** The ways in which it might be written somewhere, in the bytes of a file. */
const forms: ReadonlyArray<readonly [string, string]> = (
  [
    ["as it is", canary],
    ["escaped in JSON", JSON.stringify(canary).slice(1, -1)],
    ["escaped in JSON in JSON", JSON.stringify(JSON.stringify(canary)).slice(3, -3)],
    ["encoded for a URL", encodeURIComponent(canary)],
    ["encoded for a form", new URLSearchParams({ c: canary }).toString().slice(2)],
    ["in hexadecimal digits", Buffer.from(canary).toString("hex")],
    // Wherever it begins: the characters that depend on what is beside it are left out.
    ...[0, 1, 2].flatMap((before) => {
      const padded = Buffer.concat([Buffer.alloc(before, "x"), Buffer.from(canary)])
      const whole = padded.toString("base64").replaceAll("=", "")
      const inner = whole.slice(before === 0 ? 0 : 4, Math.floor((padded.length * 8) / 6) - 1)
      return [
        [`in base64 after ${before}`, inner],
        [`in base64url after ${before}`, inner.replaceAll("+", "-").replaceAll("/", "_")],
      ]
    }),
  ] as const
).map(([name = "", form = ""]) => [name, Buffer.from(form, "utf8").toString("latin1")])

const formsIn = (bytes: string): ReadonlyArray<string> =>
  forms.flatMap(([name, form]) => (bytes.includes(form) ? [name] : []))

const forma = (settleMillis: number, ...faults: ReadonlyArray<object>) =>
  JSON.stringify({
    name: "shop",
    targets: {
      cloud: {
        namespace: "FakeAWS",
        config: { cloud: "./cloud.db", region: "eu-west-1", settleMillis, faults },
      },
    },
    resources: [
      {
        label: "password",
        type: "FakeAWS::SecretsManager::Secret",
        target: "cloud",
        properties: { Name: "password", SecretString: canary },
      },
    ],
  })
const fault = (when: string, action: string, more: object = {}) => ({
  operation: "create",
  label: "password",
  when,
  action,
  ...more,
})

/** All files of a folder, whatever they are called, as `name: bytes`. */
const filesIn = (folder: string): ReadonlyArray<readonly [string, string]> =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file, readFileSync(file, "latin1")])
    : []

const makeSearched = Effect.gen(function* () {
  const folder = yield* makeFolder
  const { at } = folder
  /** That no file of the state, and nothing that was printed, has it; the state has something. */
  const searched = (what: string, ...printed: ReadonlyArray<Ended>) =>
    Effect.sync(() => {
      const files = filesIn(at(".formae"))
      assert.isTrue(
        files.some(([, bytes]) => bytes.includes("password")),
        what,
      )
      for (const [file, bytes] of files) assert.deepEqual(formsIn(bytes), [], `${what}: ${file}`)
      for (const { stderr, stdout } of printed) {
        const bytes = Buffer.from(stdout + stderr, "utf8").toString("latin1")
        assert.isNotEmpty(bytes, what)
        assert.deepEqual(formsIn(bytes), [], `${what}: what was printed`)
      }
    })
  /** The command with all that it can say. */
  const loudly = (...args: ReadonlyArray<string>) => folder.formae(...args, "--json", "--log-level", "debug")
  /** What the provider was given, which shows that the secret has come through. */
  const given = columnIn(at("cloud.db"), "SELECT properties ->> 'SecretString' FROM resources")
  return { ...folder, given, loudly, searched }
})

/** The environment and the command line of a process, as others of the same user can read them. */
const publicOf = (pid: number): string =>
  ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "latin1")).join("\n")

describe("P11: a secret", () => {
  it("would be found in each form that it could have", () => {
    for (const [name, form] of forms) assert.include(formsIn(`before${form}after`), name)
    const inBase64 = [0, 1, 2].map((before) => Buffer.from(`${"y".repeat(before)}${canary}behind`).toString("base64"))
    for (const text of inBase64) assert.isNotEmpty(formsIn(text))
  })

  it.live("is nowhere where an apply, a resume and a destroy succeed", () =>
    Effect.gen(function* () {
      const { formae, given, loudly, searched, write } = yield* makeSearched
      write("shop.json", forma(0))
      const planned = yield* loudly("plan", "shop.json")
      const applied = yield* loudly("apply", "shop.json")
      assert.deepEqual([planned.code, applied.code], [0, 0], applied.stderr)
      assert.deepEqual(yield* given, [canary])
      yield* searched("after the apply", planned, applied)
      const looked = [yield* loudly("resume"), yield* loudly("inventory"), yield* formae("apply", "shop.json")]
      yield* searched("after a second one", ...looked)
      const destroyed = yield* loudly("destroy", "shop.json")
      assert.strictEqual(destroyed.code, 0)
      yield* searched("after the destroy", destroyed)
    }),
  )

  it.live("is nowhere where the provider refuses it", () =>
    Effect.gen(function* () {
      const { loudly, searched, write } = yield* makeSearched
      write("shop.json", forma(0, fault("before", "error", { code: "InvalidRequest" })))
      const refused = yield* loudly("apply", "shop.json")
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stdout, "InvalidRequest")
      yield* searched("after it was refused", refused)
    }),
  )

  it.live("is nowhere where the plugin crashes in mid-create, and is sent again", () =>
    Effect.gen(function* () {
      const { at, given, loudly, searched, write } = yield* makeSearched
      write("shop.json", forma(0, fault("before", "crash")))
      const applied = yield* loudly("apply", "shop.json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.include(applied.stdout, "ended by SIGKILL")
      assert.deepEqual(yield* given, [canary])
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), "SELECT sent FROM operations"), ["2"])
      yield* searched("after the crash", applied)
    }),
  )

  it.live("is nowhere where the agent is killed in mid-create: not in its state, nor in what its processes show", () =>
    Effect.gen(function* () {
      const { at, begin, given, loudly, searched, write } = yield* makeSearched
      write("shop.json", forma(0, fault("before", "hang")))
      const killed = yield* begin("apply", "shop.json", "--json", "--log-level", "debug")
      yield* untilIn(at("cloud.db"), "SELECT seq FROM calls WHERE operation = 'create'")
      const pids = [killed.pid, ...descendantsOf(killed.pid)]
      // The agent, its guard and its plugin.
      assert.isAtLeast(pids.length, 2)
      for (const pid of pids) {
        assert.isNotEmpty(publicOf(pid))
        assert.deepEqual(formsIn(publicOf(pid)), [], `process ${pid}`)
      }
      // The write-ahead log of the state is there now.
      yield* searched("while it is sent")
      assert.deepEqual(
        yield* columnIn(at(".formae/state.db"), "SELECT label FROM operations WHERE secrets IS NOT NULL"),
        ["password"],
      )
      yield* killed.signal("SIGKILL")
      yield* searched("after the agent was killed", yield* killed.ended)
      const resumed = yield* loudly("resume")
      assert.strictEqual(resumed.code, 0, resumed.stderr)
      assert.deepEqual(yield* given, [canary])
      yield* searched("after the resume", resumed)
      const destroyed = yield* loudly("destroy", "shop.json")
      assert.strictEqual(destroyed.code, 0)
      yield* searched("after the destroy", destroyed)
    }),
  )
})
