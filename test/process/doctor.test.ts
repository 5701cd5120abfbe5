/** `formae doctor`: what was planted for real is found, each by itself, with the way out; and nothing is changed. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chmodSync, globSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { environment } from "../../src/protocol/LaunchVariables.ts"
import { type CommandFolder, type Ended, makeFolder } from "./formaeCommand.ts"
import { makeClone, trace } from "./trust/clone.ts"
import { head, net } from "./shopDocument.ts"

const decode = Schema.decodeUnknownEffect(
  Schema.fromJsonString(
    Schema.Struct({
      command: Schema.Literal("doctor"),
      status: Schema.Literals(["succeeded", "failed"]),
      checks: Schema.Array(
        Schema.Struct({
          check: Schema.String,
          verdict: Schema.Literals(["ok", "warning", "problem", "skipped"]),
          message: Schema.String,
          remedy: Schema.NullOr(Schema.String),
        }),
      ),
    }),
  ),
)

/** What was said under a verdict, as `check: message -> remedy`. */
const saidIn = (ended: Ended, wanted: string) =>
  Effect.map(decode(ended.stdout), ({ checks }) =>
    checks
      .filter(({ verdict }) => verdict === wanted)
      .map(({ check, message, remedy }) => `${check}: ${message} -> ${remedy}`),
  )

/** Each file below the folder: its content, its mode, and when it was written. */
const filesOf = ({ at }: CommandFolder) =>
  globSync(["**/*", ".formae/**/*"], { cwd: at(".") })
    // The provider counts its calls.
    .filter((file) => !file.startsWith("cloud.db"))
    .toSorted()
    .map((file) => {
      const { mode, mtimeMs } = statSync(at(file))
      const isFile = statSync(at(file)).isFile()
      return [
        file,
        mode,
        mtimeMs,
        isFile
          ? createHash("sha256")
              .update(readFileSync(at(file)))
              .digest("hex")
          : "",
      ]
    })

const applied = Effect.gen(function* () {
  const folder = yield* makeFolder
  folder.write("shop.yaml", `${head()}resources:\n${net}`)
  assert.strictEqual((yield* folder.formae("apply", "shop.yaml")).code, 0)
  return folder
})

/** That of a plugin for a namespace of its own name. */
const manifest = (name: string, version: string) =>
  JSON.stringify({
    name,
    namespace: name,
    version,
    protocol: { min: 1, max: 1 },
    minAgentVersion: "0.1.0",
    entry: "main.js",
    environment: [],
  })

const change = (file: string, ...statements: ReadonlyArray<string>) => {
  const database = new DatabaseSync(file)
  for (const statement of statements) database.exec(statement)
  database.close()
}

/** A process that has the marks of a launch, and whose parent has ended. It is killed when the scope closes. */
const orphan = Effect.acquireRelease(
  Effect.sync(() => {
    const marks = `${environment.launch}=left-behind ${environment.pluginNode}=lost-plugin@localhost`
    return Number(execFileSync("/bin/sh", ["-c", `${marks} sleep 600 >/dev/null 2>&1 & echo $!`], { encoding: "utf8" }))
  }),
  (pid) => Effect.sync(() => process.kill(pid, "SIGKILL")),
)

describe("formae doctor", () => {
  it.live("finds no problem where there is none, and changes nothing", () =>
    Effect.gen(function* () {
      const folder = yield* applied
      const before = filesOf(folder)
      const ended = yield* folder.formae("doctor")
      assert.deepEqual([ended.code, ended.stderr], [0, ""])
      for (const check of [
        "node",
        "configuration",
        "trust",
        "plugins",
        "state",
        "lock",
        "agent",
        "disk",
        "clock",
        "providers",
      ]) {
        assert.match(ended.stdout, new RegExp(`^ok {7}${check} `, "m"))
      }
      assert.match(ended.stdout, /^ok +plugins +FakeAWS: fake-aws \d/m)
      assert.match(ended.stdout, /^ok +state +\.formae\/state\.db \(0\.\d MiB\) is whole/m)
      assert.match(ended.stdout, /^ok +lock +Nobody holds the state$/m)
      assert.match(ended.stdout, /^ok +providers +The target cloud of shop \(FakeAWS\) answers$/m)
      assert.notInclude(ended.stdout, " starts ")
      assert.deepEqual(filesOf(folder), before)
    }),
  )

  it.live("starts each plugin if it is asked to, reads from each provider, and looks at the clock", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* applied
      write("more/dead/formae-plugin.json", manifest("dead", "1.0.0"))
      write("more/dead/main.js", `console.error("no such module"); process.exit(3)`)
      rmSync(at("cloud.db"))
      mkdirSync(at("cloud.db"))
      utimesSync(at(".formae/state.db"), new Date(), new Date("2101-01-01"))
      const ended = yield* formae("doctor", "--start", "--json", "--plugins", "more")
      assert.strictEqual(ended.code, 1)
      assert.match(
        (yield* saidIn(ended, "ok")).join("\n"),
        /^starts: fake-aws starts, answers its handshake and ends, /m,
      )
      const problems = (yield* saidIn(ended, "problem")).join("\n")
      assert.match(
        problems,
        /^starts: dead does not start: it exited with code 3\nno such module -> "formae plugin test \S+more\/dead" /m,
      )
      assert.match(
        problems,
        /^providers: The target cloud of shop \(FakeAWS\) cannot be asked: .*unable to open database file -> /m,
      )
      assert.match(
        (yield* saidIn(ended, "warning")).join("\n"),
        /^clock: .*written at 2101-01-01.* -> Let the system set its clock/m,
      )
    }),
  )

  it.live(
    "finds a quarantine, a holder that is gone, plugins that are not used and an orphan, each with its way out",
    () =>
      Effect.gen(function* () {
        const folder = yield* applied
        const { at, formae, write } = folder
        for (const version of ["1.0.0", "2.0.0"]) {
          write(`more/odd-${version}/formae-plugin.json`, manifest("odd", version))
          write(`more/odd-${version}/main.js`, "")
        }
        write("more/worse/formae-plugin.json", JSON.stringify({ name: "worse" }))
        change(
          at(".formae/state.db"),
          "INSERT INTO quarantines (plugin, restarts, reason, at) VALUES ('fake-aws', 6, 'was ended by SIGSEGV', 0)",
          "UPDATE state_ownership SET owner = 'x', kind = 'process', pid = 7, host = 'there', since = 0",
        )
        const pid = yield* orphan
        const before = filesOf(folder)
        const ended = yield* formae("doctor", "--json", "--plugins", "more", "--plugins", "nowhere")
        assert.strictEqual(ended.code, 1)
        const problems = (yield* saidIn(ended, "problem")).join("\n")
        assert.match(problems, /^plugins: There is no such plugin folder: nowhere -> Name another one/m)
        assert.match(
          problems,
          /^plugins: The plugin fake-aws has been quarantined .*-> "formae plugins release fake-aws" brings it back$/m,
        )
        assert.match(problems, /^plugins: .*more\/worse\/formae-plugin\.json cannot be used: .*namespace: is missing/m)
        assert.match(problems, /^lock: .*\(pid 7 on there, since 1970-.*-> .*"formae unlock" frees the state$/m)
        assert.match(
          (yield* saidIn(ended, "ok")).join("\n"),
          /^plugins: odd: odd 1\.0\.0 .* is not used: odd: odd 2\.0\.0 /m,
        )
        assert.include(
          (yield* saidIn(ended, "warning")).filter((one) => one.includes(`The process ${pid} `)).join(),
          `of lost-plugin@localhost runs on although its agent is gone -> Look at what it does, and end it: kill ${pid}`,
        )
        assert.deepEqual(filesOf(folder), before)
      }),
  )

  it.live("tells each mistake of a broken project by itself", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* applied
      write("formae.config.yaml", "operator: { retry: { maxRetires: 3 } }\n")
      write("package.json", "no JSON")
      chmodSync(at(".formae/state.db.key"), 0o644)
      const ended = yield* formae("doctor", "--json")
      assert.strictEqual(ended.code, 1)
      const problems = (yield* saidIn(ended, "problem")).join("\n")
      assert.match(
        problems,
        /^configuration: formae\.config\.yaml:1:22 .*did you mean maxRetries\? -> "formae config validate/m,
      )
      assert.match(problems, /^plugins: .*package\.json cannot be read/m)
      assert.match(problems, /^state: .*other users can read or write its key .*-> Keep it to yourself: chmod 600 /m)
      assert.match((yield* saidIn(ended, "ok")).join("\n"), /^plugins: FakeAWS: fake-aws /m)
    }),
  )

  it.live("finds a damaged state, and who is using one", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* applied
      write(
        "slow.yaml",
        `name: slow\n${head().replace("settleMillis: 0", "settleMillis: 3600000").split("\n").slice(1).join("\n")}resources:\n${net}`,
      )
      const slow = yield* begin("apply", "slow.yaml")
      yield* slow.said("net: create")
      const used = yield* formae("doctor")
      assert.match(used.stdout, new RegExp(`^ok +lock +A formae is using the state now \\(pid ${slow.pid} on `, "m"))
      yield* slow.signal("SIGKILL")
      yield* slow.ended
      const left = yield* formae("doctor")
      assert.match(left.stdout, new RegExp(`^ok +lock +.*\\(pid ${slow.pid} on .* ended without giving it back`, "m"))
      const file = at(".formae/state.db")
      change(file, "PRAGMA wal_checkpoint(TRUNCATE)")
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.fill(7, 8_192, 16_384))
      const damaged = yield* formae("doctor")
      assert.strictEqual(damaged.code, 1)
      assert.match(
        damaged.stdout,
        /^problem +state +The state file .* cannot be used: it is damaged .*\n +-> Restore its last good copy/m,
      )
    }),
  )

  it.live("neither uses nor runs what nobody has said yes to", () =>
    Effect.gen(function* () {
      const clone = yield* makeClone
      const before = filesOf(clone)
      const ended = yield* clone.formae("doctor", "--json", "--start")
      const warnings = (yield* saidIn(ended, "warning")).join("\n")
      assert.match(
        warnings,
        /^trust: Nobody has said yes yet to what this folder supplies:\n- the plugin hostile[^]*-> .*"formae trust /m,
      )
      const left = (yield* saidIn(ended, "skipped")).join("\n")
      assert.match(left, /^state: Its content is not read/m)
      assert.match(left, /^lock: Not looked at/m)
      assert.match(left, /^agent: Not looked for/m)
      assert.match(left, /^starts: No plugin is started/m)
      assert.match(left, /^providers: No plugin is started/m)
      assert.isFalse(clone.has(trace))
      assert.deepEqual(filesOf(clone), before)
    }),
  )
})
