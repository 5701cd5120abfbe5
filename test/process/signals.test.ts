import { assert, describe, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { type Begun, makeFolder } from "./formaeCommand.ts"
import { columnIn, untilIn } from "./rows.ts"

const hour = 3_600_000

const document = (name: string, labels: ReadonlyArray<string>, config = "settleMillis: 0") => `name: ${name}
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./${name}.db, region: eu-west-1, ${config} } }
resources:
${labels.map((label) => `  - { label: ${label}, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }`).join("\n")}
`
const accepted = "SELECT request_id FROM operations WHERE request_id IS NOT NULL"
/** A plugin may still ask for the status of its work while its agent dies. */
const changes = "SELECT seq FROM calls WHERE operation <> 'status'"
const nativeIds = "SELECT native_id FROM resources ORDER BY native_id"
const statusOf = (name: string) =>
  `SELECT status FROM commands WHERE forma = '${name}' AND status <> 'superseded' ORDER BY started_at DESC LIMIT 1`

/** The pid of the command that uses a state. */
const pidIn = (file: string) =>
  Effect.map(untilIn(file, "SELECT pid FROM state_ownership WHERE pid IS NOT NULL"), ([pid = ""]) => Number(pid))

describe("a signal", () => {
  it.live.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s cancels the command, which only its own document or a resume continues", ([signal, code]) =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      write("prod.yaml", document("prod", ["net"], `settleMillis: ${hour}`))
      write("dev.yaml", document("dev", ["net"]))
      const command = yield* begin("apply", "prod.yaml")
      yield* untilIn(at(".formae/state.db"), accepted)
      yield* command.signal(signal)
      const ended = yield* command.ended
      assert.strictEqual(ended.code, code, ended.stderr)
      assert.include(ended.stderr, "waiting for net to reach a safe point.")
      assert.strictEqual(ended.stderr.includes("Press Ctrl-C again"), signal !== "SIGHUP")
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statusOf("prod")), ["canceled"])
      const before = yield* columnIn(at("prod.db"), changes)
      const other = yield* formae("apply", "dev.yaml")
      assert.strictEqual(other.code, 0, other.stderr)
      assert.match(
        other.stdout,
        /^the apply of prod, .* was canceled and can be resumed\. "formae resume prod" continues it$/m,
      )
      assert.deepEqual(yield* columnIn(at("prod.db"), changes), before)
    }),
  )

  it.live("that comes twice stops at once, and leaves a last line: what is unknown, and what continues it", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      const hangs = "faults: [{ operation: delete, type: 'FakeAWS::EC2::VPC', when: before, action: hang, times: 9 }]"
      write("prod.yaml", document("prod", ["net", "web"], `settleMillis: 0, ${hangs}`))
      write("dev.yaml", document("dev", ["net"]))
      assert.strictEqual((yield* formae("apply", "prod.yaml")).code, 0)
      const command = yield* begin("destroy", "prod.yaml")
      const sent = "SELECT label FROM operations WHERE kind = 'Delete'"
      yield* Effect.repeat(columnIn(at(".formae/state.db"), sent), {
        until: (labels) => labels.length === 2,
        schedule: Schedule.spaced("20 millis"),
      })
      yield* command.signal("SIGINT")
      yield* command.said("Press Ctrl-C again")
      yield* command.signal("SIGINT")
      const ended = yield* command.ended
      assert.strictEqual(ended.code, 130)
      const lines = ended.stderr.trimEnd().split("\n")
      assert.match(
        lines.at(-1) ?? "",
        /^Stopped\. It is not known what became of (net|web) \(delete\), (net|web) \(delete\); "formae resume prod" or the same command again continues, and finds out first\.$/,
      )
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statusOf("prod")), ["canceled"])
      const other = yield* formae("apply", "dev.yaml")
      assert.strictEqual(other.code, 0, other.stderr)
      assert.lengthOf(yield* columnIn(at("prod.db"), nativeIds), 2)
    }),
  )

  it.live("that kills leaves the command cut off, and no other document continues it either", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      write("prod.yaml", document("prod", ["net"], `settleMillis: ${hour}`))
      write("dev.yaml", document("dev", ["net"]))
      const command = yield* begin("apply", "prod.yaml")
      yield* untilIn(at(".formae/state.db"), accepted)
      yield* command.signal("SIGKILL")
      yield* command.ended
      const before = yield* columnIn(at("prod.db"), changes)
      const other = yield* formae("apply", "dev.yaml")
      assert.strictEqual(other.code, 0, other.stderr)
      assert.include(other.stdout, "was cut off and can be resumed")
      assert.deepEqual(yield* columnIn(at("prod.db"), changes), before)
    }),
  )

  it.live("ends the wait for the next try at once, and the same command continues", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      const throttles = "faults: [{ operation: create, when: before, action: error, code: Throttling, times: 1 }]"
      write("prod.yaml", document("prod", ["net"], `settleMillis: 0, ${throttles}`))
      write("agent.yaml", `operator: { retry: { maxRetries: 9, baseMillis: ${hour}, capMillis: ${hour} } }`)
      const command = yield* begin("apply", "prod.yaml", "--config", "agent.yaml")
      yield* untilIn(at("prod.db"), "SELECT seq FROM calls WHERE outcome <> 'ok'")
      yield* command.said("try 1 of 10 failed with")
      yield* command.signal("SIGTERM")
      const ended = yield* command.ended
      assert.strictEqual(ended.code, 143, ended.stderr)
      assert.match(ended.stdout, /^net +FakeAWS::EC2::VPC +stopped +\d.*-$/m)
      const next = yield* formae("apply", "prod.yaml")
      assert.strictEqual(next.code, 0, next.stderr)
      assert.lengthOf(yield* columnIn(at("prod.db"), nativeIds), 1)
    }),
  )
})

describe("a command that ignores SIGHUP", () => {
  it.live.each([
    ["nohup", "nohup $formae apply prod.yaml > out 2>&1"],
    ["a script", `trap "" HUP; $formae apply prod.yaml > out 2>&1; exit $?`],
  ])("because of %s ends its work", ([, script = ""]) =>
    Effect.gen(function* () {
      const { at, beginScript, write } = yield* makeFolder
      write("prod.yaml", document("prod", ["net"], "settleMillis: 3000"))
      const command: Begun = yield* beginScript(script)
      yield* untilIn(at(".formae/state.db"), accepted)
      const pid = yield* pidIn(at(".formae/state.db"))
      process.kill(pid, "SIGHUP")
      const ended = yield* command.ended
      assert.strictEqual(ended.code, 0)
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statusOf("prod")), ["succeeded"])
    }),
  )
})

describe("an output that cannot be written", () => {
  const labels = Array.from({ length: 12 }, (_, index) => `net${index}`)
  const full = existsSync("/dev/full")

  it.live.each([
    ["a reader of stderr that is gone", "$formae apply prod.yaml 2>&1 | head -1; echo ${PIPESTATUS[0]}", "1"],
    ["a reader of stdout that is gone", "$formae apply prod.yaml | true; echo ${PIPESTATUS[0]}", "1"],
    [
      "a reader of stderr alone that is gone",
      "{ $formae apply prod.yaml 2>&3 >/dev/null; echo $? >&4; } 3>&1 4>code | head -1; cat code",
      "0",
    ],
    ...(full
      ? [
          ["a full disk under stderr", "$formae apply prod.yaml 2>/dev/full >/dev/null; echo $?", "0"],
          ["a full disk under stdout", "$formae apply prod.yaml >/dev/full; echo $?", "1"],
          ["a full disk under both, with --json", "$formae apply --json prod.yaml >/dev/full 2>&1; echo $?", "1"],
        ]
      : []),
    ["a closed stdout", "$formae apply prod.yaml >&- 2>&-; echo $?", "0"],
  ])("%s cuts nothing off", ([, script = "", code = ""]) =>
    Effect.gen(function* () {
      const { at, beginScript, write } = yield* makeFolder
      write("prod.yaml", document("prod", labels, "settleMillis: 200"))
      const command = yield* beginScript(script)
      const ended = yield* command.ended
      assert.strictEqual(ended.stdout.trimEnd().split("\n").at(-1), code, ended.stderr)
      assert.lengthOf(yield* columnIn(at("prod.db"), nativeIds), labels.length)
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), statusOf("prod")), ["succeeded"])
    }),
  )
})
