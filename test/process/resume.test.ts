import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Ended, makeFolder } from "./formaeCommand.ts"
import { decodeResult } from "./jsonOutput.ts"
import { columnIn, untilIn } from "./rows.ts"

const resultOf = ({ stdout }: Ended) => decodeResult(stdout)

const resources = {
  net: "type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 }",
  web: "type: FakeAWS::EC2::Instance, target: cloud, properties: { ImageId: ami-1, InstanceType: t3.micro }",
  old: "type: FakeAWS::Legacy::Widget, target: cloud, properties: { Model: m }",
}
type Label = keyof typeof resources

const forma = (labels: ReadonlyArray<Label>, settleMillis = 0, ...faults: ReadonlyArray<string>) => `name: shop
targets:
  cloud:
    namespace: FakeAWS
    config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: ${settleMillis}, faults: [${faults.join(", ")}] }
resources:
${labels.map((label) => `  - { label: ${label}, ${resources[label]} }`).join("\n")}
`
/** A fault in the first create of a label. */
const crash = (label: Label, when: "before" | "after") =>
  `{ operation: create, label: ${label}, when: ${when}, action: crash }`
/** The first status request gets no answer. */
const silentStatus = "{ operation: status, label: net, when: status, action: hang }"

const hour = 3_600_000
const nativeIds = "SELECT native_id FROM resources ORDER BY native_id"

describe("an apply that was killed by SIGKILL", () => {
  it.live("is resumed once, after which there is nothing to resume", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      write("shop.yaml", forma(["net", "web"], 500, silentStatus))
      const killed = yield* begin("apply", "shop.yaml")
      yield* untilIn(at("cloud.db"), "SELECT seq FROM calls WHERE operation = 'status'")
      const made = yield* untilIn(at("cloud.db"), "SELECT native_id FROM resources WHERE type = 'FakeAWS::EC2::VPC'")
      yield* killed.signal("SIGKILL")
      yield* killed.ended

      for (const command of [["plan", "shop.yaml"], ["inventory"]]) {
        const looked = yield* formae(...command)
        assert.strictEqual(looked.code, 0, looked.stderr)
        assert.match(
          looked.stdout,
          /^the apply of shop, started at .*Z, was cut off and can be resumed\. "formae resume shop" continues it$/m,
        )
      }

      const resumed = yield* formae("resume")
      assert.strictEqual(resumed.code, 0, resumed.stderr)
      assert.match(resumed.stdout, /^FORMA +LABEL +TYPE +RESULT +TIME +NATIVE ID\n/)
      assert.match(resumed.stdout, /^shop +net +FakeAWS::EC2::VPC +(created +\d.*|unchanged) +vpc-/m)
      assert.match(resumed.stdout, /^shop +web +FakeAWS::EC2::Instance +(created +\d.*|unchanged) +i-/m)
      const there = yield* columnIn(at("cloud.db"), nativeIds)
      assert.lengthOf(there, 2)
      assert.include(there, made[0])
      assert.deepEqual(yield* columnIn(at(".formae/state.db"), nativeIds), there)

      const again = yield* formae("resume")
      assert.deepEqual([again.code, again.stdout], [0, "Nothing to resume: no command was cut off or canceled\n"])
      assert.deepEqual(yield* resultOf(yield* formae("resume", "--json")), {
        command: "resume",
        status: "succeeded",
        resources: [],
      })
      const applied = yield* resultOf(yield* formae("apply", "shop.yaml", "--json"))
      assert.deepEqual(
        applied.resources.map(({ operation }) => operation),
        ["noop", "noop"],
      )
    }),
  )
})

describe("a resume of one document", () => {
  it.live("says what it continues before it does it, and continues nothing else", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolder
      for (const name of ["shop", "shed"]) {
        write(`${name}.yaml`, forma(["net", "web"], 1_500).replace("name: shop", `name: ${name}`))
        const command = yield* begin("apply", `${name}.yaml`)
        yield* untilIn(
          at(".formae/state.db"),
          `SELECT request_id FROM operations WHERE request_id IS NOT NULL AND forma = '${name}'`,
        )
        yield* command.signal("SIGTERM")
        yield* command.ended
      }
      const other = yield* formae("resume", "other")
      assert.strictEqual(other.code, 0, other.stderr)
      assert.include(other.stdout, "Nothing to resume there: no such command was cut off or canceled\n")
      assert.match(other.stdout, /^the apply of shed, .*"formae resume shed" continues it$/m)

      // By its file, and then by its name.
      const shed = yield* formae("resume", "shed.yaml")
      assert.strictEqual(shed.code, 0, shed.stderr)
      const [first, ...rest] = shed.stderr.split("\n")
      assert.match(first ?? "", /^resuming the apply of shed, started at .*Z, canceled(; not ended: [netwb, ]+)?$/)
      assert.notInclude(shed.stderr, "shop")
      assert.isAbove(rest.length, 0)
      assert.match(shed.stdout, /^the apply of shop, .*"formae resume shop" continues it$/m)
      assert.strictEqual((yield* formae("resume", "shop")).code, 0)
      assert.include((yield* formae("resume")).stdout, "Nothing to resume: no command")
    }),
  )
})

describe("an apply whose plugin is killed", () => {
  it.live("succeeds, creates nothing twice, and lists the crashes that it survived", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", forma(["net"], 0, crash("net", "after")))
      const applied = yield* formae("apply", "shop.yaml", "--json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      const result = yield* resultOf(applied)
      assert.deepInclude(result, { command: "apply", status: "succeeded" })
      const [net] = result.resources
      assert.deepInclude(net, { label: "net", operation: "create", status: "succeeded", attempts: 2, error: null })
      assert.lengthOf(net?.crashes ?? [], 1)
      assert.include(net?.crashes[0]?.message, "the plugin fake-aws was ended by SIGKILL")
      assert.deepEqual(yield* columnIn(at("cloud.db"), nativeIds), [net?.nativeId ?? ""])

      write("shop.yaml", forma(["net", "web"], 0, crash("web", "before")))
      const words = yield* formae("apply", "shop.yaml")
      assert.strictEqual(words.code, 0, words.stderr)
      assert.match(words.stdout, /^web survived a crash of its plugin: .*ended by SIGKILL/m)
    }),
  )
})

describe("the first Ctrl-C", () => {
  /** An apply that takes an hour, stopped once the provider has accepted its work. */
  const makeStopped = Effect.gen(function* () {
    const folder = yield* makeFolder
    const { at, begin, write } = folder
    write("slow.yaml", forma(["net"], hour))
    const command = yield* begin("apply", "slow.yaml")
    yield* untilIn(at(".formae/state.db"), "SELECT request_id FROM operations WHERE request_id IS NOT NULL")
    yield* command.signal("SIGINT")
    const [made = ""] = yield* columnIn(at("cloud.db"), nativeIds)
    return { ...folder, stopped: yield* command.ended, made }
  })

  it.live("leaves what the provider is working on, says so, and the next apply continues it", () =>
    Effect.gen(function* () {
      const { at, formae, made, stopped, write } = yield* makeStopped
      assert.strictEqual(stopped.code, 130)
      assert.include(
        stopped.stderr,
        "No new work will start; waiting for net to reach a safe point. Press Ctrl-C again to stop immediately.\n",
      )
      assert.match(stopped.stdout, /^net +FakeAWS::EC2::VPC +still in progress +\d.*vpc-/m)
      assert.isTrue(
        stopped.stdout.endsWith(
          '\n1 still in progress: run "formae resume shop" or the same command again to continue\n',
        ),
        stopped.stdout,
      )
      assert.match(
        (yield* formae("inventory")).stdout,
        /^the apply of shop, started at .*Z, was canceled and can be resumed\. "formae resume shop" continues it$/m,
      )
      write("shop.yaml", forma(["net"]))
      const applied = yield* formae("apply", "shop.yaml")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.match(applied.stdout, /^net +FakeAWS::EC2::VPC +created +\d.*vpc-/m)
      for (const file of ["cloud.db", ".formae/state.db"]) {
        assert.deepEqual(yield* columnIn(at(file), nativeIds), [made])
      }
      assert.include((yield* formae("resume")).stdout, "Nothing to resume")
    }),
  )

  it.live("leaves it to a resume too, which can also be stopped", () =>
    Effect.gen(function* () {
      const { at, begin, made } = yield* makeStopped
      const resumed = yield* begin("resume", "--json")
      // The status is requested by another plugin process than the one that created it.
      const asked = "SELECT seq FROM calls WHERE operation = 'status' AND pid NOT IN"
      yield* untilIn(at("cloud.db"), `${asked} (SELECT pid FROM calls WHERE operation = 'create')`)
      yield* resumed.signal("SIGINT")
      const ended = yield* resumed.ended
      assert.strictEqual(ended.code, 130)
      const result = yield* resultOf(ended)
      assert.deepInclude(result, { command: "resume", status: "canceled" })
      assert.deepInclude(result.resources[0], { label: "net", forma: "shop", status: "canceled", nativeId: made })
      assert.deepEqual(yield* columnIn(at("cloud.db"), nativeIds), [made])
    }),
  )
})

describe("a create whose outcome cannot be known", () => {
  /** The command that the message of NeedsAttention gives, with the native id that the provider has. */
  const commandIn = ({ stdout }: Ended, name: "adopt" | "forget", nativeId = "") =>
    (new RegExp(`"formae (${name} [^"]*)"`).exec(stdout)?.[1] ?? `no ${name} in ${stdout}`)
      .replace("NATIVE_ID", nativeId)
      .split(" ")

  it.live("is adopted by the command in its message if the provider has the resource", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", forma(["old", "net"], 0, crash("old", "after")))
      const applied = yield* formae("apply", "shop.yaml")
      assert.strictEqual(applied.code, 1)
      assert.match(applied.stdout, /^old: NeedsAttention: cannot tell whether the FakeAWS::Legacy::Widget was created/m)
      const [made = ""] = yield* columnIn(
        at("cloud.db"),
        "SELECT native_id FROM resources WHERE native_id LIKE 'widget-%'",
      )
      const planned = yield* formae("plan", "shop.yaml", "--json")
      const blocked = (yield* resultOf(planned)).resources.find(({ label }) => label === "old")?.error
      assert.deepInclude(blocked?.openOperation, { kind: "Create", forma: "shop", label: "old" })
      assert.notInclude(planned.stdout, "formae adopt")
      const wrong = yield* formae("adopt", "old", "widget-0", "--json")
      assert.strictEqual(wrong.code, 2)
      assert.deepInclude(yield* resultOf(wrong), { command: "adopt", status: "refused", resources: [] })
      const adopted = yield* formae(...commandIn(applied, "adopt", made), "--json")
      assert.strictEqual(adopted.code, 0, adopted.stderr)
      const result = yield* resultOf(adopted)
      assert.deepInclude(result, { command: "adopt", status: "succeeded" })
      assert.deepInclude(result.resources[0], { label: "old", forma: "shop", nativeId: made, status: "succeeded" })
      const again = yield* formae("apply", "shop.yaml")
      assert.strictEqual(again.code, 0, again.stderr)
      assert.include(again.stdout, "Nothing to do: 2 resources are already as wanted")
      assert.lengthOf(yield* columnIn(at("cloud.db"), nativeIds), 2)
    }),
  )

  it.live("is forgotten by the command in its message if the provider does not have the resource", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      write("shop.yaml", forma(["old"], 0, crash("old", "before")))
      const applied = yield* formae("apply", "shop.yaml")
      assert.strictEqual(applied.code, 1)
      assert.deepEqual(yield* columnIn(at("cloud.db"), nativeIds), [])
      // Until it is settled it is not created, and the plan says why.
      for (const command of ["apply", "plan"]) {
        const blocked = yield* formae(command, "shop.yaml")
        assert.strictEqual(blocked.code, 1)
        assert.include(blocked.stdout, "old: NeedsAttention: ")
      }
      const forgotten = yield* formae(...commandIn(applied, "forget"))
      assert.strictEqual(forgotten.code, 0, forgotten.stderr)
      assert.include(forgotten.stdout, "Forgotten: the next apply that wants the resource will create it\n")
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      assert.lengthOf(yield* columnIn(at("cloud.db"), nativeIds), 1)
    }),
  )
})

describe("an operation that cannot be settled", () => {
  it.live("is bad input, and nothing is done", () =>
    Effect.gen(function* () {
      const { formae, has } = yield* makeFolder
      const said = "There is nothing to settle for old; no operation is open"
      for (const command of [
        ["adopt", "old", "widget-1"],
        ["forget", "old"],
      ]) {
        const json = yield* formae(...command, "--json")
        assert.deepEqual([json.code, json.stderr], [2, `${said}\n`])
        assert.deepEqual(yield* resultOf(json), {
          command: command[0] === "adopt" ? "adopt" : "forget",
          status: "refused",
          resources: [],
          error: {
            code: "OperationNotOpen",
            message: said,
            facts: { label: "old", reason: { _tag: "NoSuchOperation", open: [] } },
          },
        })
      }
      for (const command of [
        ["adopt", "old", ""],
        ["resume", "old", "new"],
        ["resume", "old.yaml"],
      ]) {
        const { code, stdout } = yield* formae(...command)
        assert.deepEqual([code, stdout], [2, ""], command.join(" "))
      }
      assert.isFalse(has("cloud.db"))
    }),
  )
})
