import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { makeCollector } from "./collector.ts"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { descendantsOf } from "./processState.ts"
import { changeIn, columnIn, untilIn } from "./rows.ts"

/** It has characters that JSON, URLs and shells escape. */
const canary = 'can"ary/\\ 7d1f+ü%&\n<end>'

/** The forms in which it could be written to a file, as bytes. */
const forms: ReadonlyArray<readonly [string, string]> = (
  [
    ["as it is", canary],
    ["escaped in JSON", JSON.stringify(canary).slice(1, -1)],
    ["escaped in JSON in JSON", JSON.stringify(JSON.stringify(canary)).slice(3, -3)],
    ["encoded for a URL", encodeURIComponent(canary)],
    ["encoded for a form", new URLSearchParams({ c: canary }).toString().slice(2)],
    ["in hexadecimal digits", Buffer.from(canary).toString("hex")],
    // At every offset, without the characters that depend on its neighbours.
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
        properties: { Name: "password", SecretString: canary, Description: { $secret: canary } },
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

/** All files in a folder and below: path and bytes. */
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
  /** Checks that the secret is in no file of the state and in no output, and that the state is not empty. */
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
  /** Runs the command with all output that it can give. */
  const loudly = (...args: ReadonlyArray<string>) => folder.formae(...args, "--json", "--log-level", "debug")
  /** The secrets that the provider has, which shows that the secret was delivered. */
  const given = columnIn(at("cloud.db"), "SELECT properties ->> 'SecretString' FROM resources")
  return { ...folder, given, loudly, searched }
})

/** The environment and the command line of a process, as others of the same user can read them. */
const publicOf = (pid: number): string =>
  ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "latin1")).join("\n")

describe("P11: a secret", () => {
  it("would be found in each of its forms", () => {
    for (const [name, form] of forms) assert.include(formsIn(`before${form}after`), name)
    const inBase64 = [0, 1, 2].map((before) => Buffer.from(`${"y".repeat(before)}${canary}behind`).toString("base64"))
    for (const text of inBase64) assert.isNotEmpty(formsIn(text))
  })

  it.live("is nowhere if an apply, a resume and a destroy succeed", () =>
    Effect.gen(function* () {
      const { at, formae, formaeAs, given, loudly, searched, write } = yield* makeSearched
      const collector = yield* makeCollector
      write("shop.json", forma(0))
      const planned = yield* loudly("plan", "shop.json")
      const sent = formaeAs({}, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
      const applied = yield* sent("apply", "shop.json", "--json", "--log-level", "debug")
      assert.deepEqual([planned.code, applied.code], [0, 0], applied.stderr)
      assert.deepEqual(yield* given, [canary])
      yield* searched("after the apply", planned, applied)
      // In what was sent of the work itself, it is neither.
      assert.include(collector.paths().join("\n"), "Create [formae.fake-aws] > provider.Create [formae.fake-aws]")
      assert.include(collector.metricNames(), "formae.operation.duration")
      assert.deepEqual(formsIn(Buffer.from(collector.text(), "utf8").toString("latin1")), [])
      const looked = [yield* loudly("resume"), yield* loudly("inventory"), yield* formae("apply", "shop.json")]
      yield* searched("after a second one", ...looked)
      changeIn(
        at("cloud.db"),
        "UPDATE resources SET properties = json_set(properties, '$.Description', 'not ' || (properties ->> 'Description'))",
      )
      const drifted = [
        yield* loudly("sync"),
        yield* loudly("drift"),
        yield* formae("drift"),
        yield* formae("show", "password"),
        yield* loudly("plan", "shop.json"),
      ]
      const [{ drift }] = JSON.parse(drifted[1]?.stdout ?? "").resources
      const isSecret = { secret: true }
      assert.deepEqual(drift.places, [
        { path: "/Description", wanted: isSecret, found: isSecret, ...isSecret, since: drift.readAt },
      ])
      yield* searched("after it drifted", ...drifted)
      const destroyed = yield* loudly("destroy", "shop.json")
      assert.strictEqual(destroyed.code, 0)
      yield* searched("after the destroy", destroyed)
    }),
  )

  it.live("is nowhere if the provider refuses it", () =>
    Effect.gen(function* () {
      const { loudly, searched, write } = yield* makeSearched
      write("shop.json", forma(0, fault("before", "error", { code: "InvalidRequest" })))
      const refused = yield* loudly("apply", "shop.json")
      assert.strictEqual(refused.code, 1)
      assert.include(refused.stdout, "InvalidRequest")
      yield* searched("after it was refused", refused)
    }),
  )

  it.live("is nowhere if the plugin crashes in the middle of the create, and is sent again", () =>
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

  it.live(
    "is nowhere if the agent is killed in the middle of the create, neither in its state nor in what its processes show",
    () =>
      Effect.gen(function* () {
        const { at, begin, given, loudly, searched, write } = yield* makeSearched
        write("shop.json", forma(0, fault("before", "hang")))
        const killed = yield* begin("apply", "shop.json", "--json", "--log-level", "debug")
        yield* untilIn(at("cloud.db"), "SELECT seq FROM calls WHERE operation = 'create'")
        const pids = [killed.pid, ...descendantsOf(killed.pid)]
        // The agent and its plugin, and the guard where there is one.
        assert.isAtLeast(pids.length, 2)
        for (const pid of pids) {
          assert.isNotEmpty(publicOf(pid))
          assert.deepEqual(formsIn(publicOf(pid)), [], `process ${pid}`)
        }
        // At this point the state has a write-ahead log.
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
