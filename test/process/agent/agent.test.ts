import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { existsSync, renameSync, rmSync } from "node:fs"
import { typingInto } from "../atTerminal.ts"
import { main, makeFolderFor } from "../formaeCommand.ts"

const documentOf = (settleMillis: number) => `
name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: us-east-1, settleMillis: ${settleMillis} } }
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
  - { label: logs, type: "FakeAWS::S3::Bucket", target: cloud, properties: { BucketName: logs } }
`

/** A folder with a document, and an agent that is stopped at the end whatever happens. */
const makeShop = Effect.fnUntraced(function* (settleMillis: number) {
  const folder = yield* makeFolderFor(main)
  folder.write("shop.yaml", documentOf(settleMillis))
  yield* Effect.addFinalizer(() => folder.formae("agent", "stop"))
  return folder
})

interface Place {
  readonly name: string
  readonly state: string | null
}

interface Event {
  readonly number: number
  readonly kind: string
  readonly schemaVersion: number
  readonly forma?: string
  readonly commandId?: string
}

/** What `agent status --json` says. */
const statusOf = (stdout: string) =>
  (
    JSON.parse(stdout) as {
      readonly agent: { readonly pid: number; readonly socket: string; readonly lastEvent: number } | null
    }
  ).agent

describe("the agent that stays", () => {
  it.live("runs the commands of its folder until it is stopped, as they run without it", () =>
    Effect.gen(function* () {
      const { formae, formaeAs, has, textOf, write } = yield* makeShop(0)
      const started = yield* formaeAs({}, { FORMAE_DRIFT_EVERY_MILLIS: "3600000" })("agent", "--detach")
      assert.strictEqual(started.code, 0, started.stderr)
      const agent = statusOf((yield* formae("agent", "status", "--json")).stdout)
      assert.match(started.stdout, new RegExp(`pid ${agent?.pid}\\b[^]*${agent?.socket}`))
      assert.strictEqual(agent?.lastEvent, 0)
      const again = yield* formae("agent")
      assert.deepEqual([again.code, /pid \d+\) runs on the state/.test(again.stderr)], [2, true], again.stderr)

      const applied = yield* formae("apply", "shop.yaml", "--yes", "--json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.match(applied.stderr, /net: create done/)
      const listed = JSON.parse((yield* formae("plugins", "--json")).stdout) as {
        readonly plugins: ReadonlyArray<Place>
      }
      const places = new Map(listed.plugins.map(({ name, state }) => [name, state]))
      assert.deepEqual([places.get("fake-aws"), places.get("aws")], ["Ready", "NotStarted"])
      assert.isAbove(statusOf((yield* formae("agent", "status", "--json")).stdout)?.lastEvent ?? 0, 5)
      const other = yield* formae("destroy", "shop.yaml", "--plugins", ".")
      assert.strictEqual(other.code, 2)
      assert.match(other.stderr, /An agent runs on the state .*so --plugins would have no effect/)
      // Its plugins see its environment and its folder, and not those of the command.
      const elsewhere = yield* formaeAs({}, { AWS_PROFILE: "prod", FORMAE_OPERATOR_RETRY_MAX_RETRIES: "1" })(
        "apply",
        "shop.yaml",
        "--yes",
        "--json",
      )
      assert.strictEqual(elsewhere.code, 2, elsewhere.stderr)
      const { error } = JSON.parse(elsewhere.stdout) as { readonly error: { readonly code: string } }
      assert.strictEqual(error.code, "AgentRuns")
      assert.match(elsewhere.stderr, /do something else: AWS_PROFILE, FORMAE_OPERATOR_RETRY_MAX_RETRIES\. /)
      assert.notInclude(elsewhere.stderr + elsewhere.stdout, "prod")
      write("below/shop.yaml", documentOf(0))
      const below = yield* formaeAs({}, {}, "below")("apply", "shop.yaml", "--yes")
      assert.deepEqual([below.code, /in the folder .* relative paths/.test(below.stderr)], [2, true], below.stderr)
      assert.strictEqual((yield* formaeAs({}, {}, "below")("inventory")).code, 0)

      /** The order of the fields of an object says nothing. */
      const reads = Effect.forEach(
        [["inventory"], ["inventory", "--json"], ["sync", "--json"], ["plan", "shop.yaml"]],
        (words) =>
          Effect.map(formae(...words), (ended) =>
            words.includes("--json") ? { ...ended, stdout: JSON.parse(ended.stdout) as unknown } : ended,
          ),
      )
      const withAgent = yield* reads
      // It can be stopped without its socket: the state says who holds it.
      rmSync(agent?.socket ?? "")
      const stopped = yield* formae("agent", "stop")
      assert.deepEqual([stopped.code, has(".formae/agent.log")], [0, true], stopped.stderr)
      assert.match(
        textOf(".formae/agent.log"),
        /Drift is looked for every [^]*has begun\n[^]*has ended: succeeded\n[^]*Stopping\n[^]*Stopped\n$/,
      )
      assert.isFalse(existsSync(agent?.socket ?? ""))
      assert.deepEqual(yield* reads, withAgent)
      assert.strictEqual((yield* formae("agent", "stop")).stdout, "No agent runs on the state .formae/state.db\n")
    }).pipe(Effect.scoped),
  )

  it.live("is killed under an apply: the next one goes on, and the client sees each end once", () =>
    Effect.gen(function* () {
      const { begin, formae } = yield* makeShop(4_000)
      const first = yield* begin("agent")
      yield* first.said("listens at")
      const follower = yield* begin("events", "--follow", "--after", "0", "--json")
      const apply = yield* begin("apply", "shop.yaml", "--yes")
      yield* apply.said("in progress")
      const listed = yield* formae("commands", "--json")
      const { commands } = JSON.parse(listed.stdout) as {
        readonly commands: ReadonlyArray<Readonly<Record<string, unknown>>>
      }
      assert.lengthOf(commands, 1)
      assert.deepInclude(commands[0], { command: "apply", forma: "shop", status: "running" })
      const id = String(commands[0]?.["commandId"])
      const watch = yield* begin("events", "--follow", "--command", id.slice(0, 18))
      yield* watch.printed("has begun")
      yield* first.signal("SIGKILL")
      yield* first.ended
      // Its socket is left behind, and told from a live one.
      const next = yield* begin("agent")
      yield* next.said("listens at")
      const { code, stderr, stdout } = yield* apply.ended
      assert.strictEqual(code, 0, stderr)
      assert.match(stdout, /2 created/)
      for (const label of ["net", "logs"]) {
        assert.strictEqual(stderr.split(`${label}: create done`).length, 2, stderr)
      }
      // It ends with the command, and has told the whole of it.
      const watched = yield* watch.ended
      assert.strictEqual(watched.code, 0, watched.stderr)
      assert.match(watched.stdout, new RegExp(`shop: the command ${id} has begun\\n[^]*has ended: succeeded\\n$`))
      for (const label of ["net", "logs"]) {
        assert.strictEqual(watched.stdout.split(`shop: ${label}: create done`).length, 2, watched.stdout)
      }
      const past = yield* formae("commands")
      assert.match(past.stdout, /apply +shop +succeeded/)
      const unknown = yield* formae("cancel", id)
      assert.deepEqual([unknown.code, /No command with the id .* runs/.test(unknown.stderr)], [2, true], unknown.stderr)
      // One that hangs is found by the state, and asked all the same.
      yield* next.signal("SIGSTOP")
      const stop = yield* begin("agent", "stop")
      yield* stop.said(`Stopping the agent (pid ${next.pid})`)
      yield* next.signal("SIGCONT")
      const ended = yield* next.ended
      assert.strictEqual(ended.code, 0, ended.stderr)
      assert.strictEqual((yield* stop.ended).code, 0)
      yield* follower.signal("SIGINT")
      const lines = (text: string) =>
        text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Event)
      const followed = lines((yield* follower.ended).stdout)
      const logged = lines((yield* formae("events", "--json")).stdout)
      assert.deepEqual(
        logged.map(({ number }) => number),
        logged.map((_, index) => index + 1),
      )
      assert.deepEqual(followed, logged.slice(0, followed.length))
      assert.lengthOf(
        logged.filter(({ kind }) => kind === "Finished"),
        2,
      )
      assert.deepInclude(
        followed.find(({ kind }) => kind === "Ended"),
        { schemaVersion: 1, forma: "shop", commandId: id },
      )
      const idle = yield* formae("events", "--follow")
      assert.deepEqual([idle.code, /No agent runs on the state/.test(idle.stderr)], [2, true], idle.stderr)
    }).pipe(Effect.scoped),
  )

  it.live(
    "cancels a command by the beginning of its id or at a terminal, or goes on with it when its client goes",
    () =>
      Effect.gen(function* () {
        const { at, begin, beginScript, formae } = yield* makeShop(60_000)
        const agent = yield* begin("agent")
        yield* agent.said("listens at")
        const apply = yield* begin("apply", "shop.yaml", "--yes")
        yield* apply.said("in progress")
        const { stdout } = yield* formae("commands", "--json")
        const [running] = (JSON.parse(stdout) as { readonly commands: ReadonlyArray<{ readonly commandId: string }> })
          .commands
        const canceled = yield* formae("cancel", running?.commandId.slice(0, 18) ?? "")
        assert.strictEqual(canceled.code, 0, canceled.stderr)
        const { code, stderr } = yield* apply.ended
        assert.strictEqual(code, 1, stderr)
        assert.match((yield* formae("commands")).stdout, /apply +shop +canceled/)

        /** Presses Ctrl-C in an apply at a terminal, and answers what is asked then. */
        const pressing = Effect.fnUntraced(function* (answer: string) {
          const typed = typingInto("net: [a-z ]+\\(?|\\[d/c\\]", "\u0003", answer)
          return yield* (yield* beginScript(`TERM=dumb ${typed} $formae apply shop.yaml --yes`)).ended
        })
        const ended = yield* pressing("c")
        assert.strictEqual(ended.code, 130, ended.stdout)
        assert.match(ended.stdout, /\[d\/c\][^]*No new work will start; waiting for /)
        const left = yield* pressing("d")
        assert.strictEqual(left.code, 130, left.stdout)
        assert.match(
          left.stdout,
          /goes on in the agent\. "formae commands" lists it, "formae events --follow --command /,
        )
        const next = yield* begin("apply", "shop.yaml", "--yes")
        yield* next.said("waiting for the apply of shop")
        yield* next.signal("SIGTERM")
        const gone = yield* next.ended
        assert.deepEqual([gone.code, gone.stderr.includes("goes on in the agent")], [143, true], gone.stderr)
        const now = (yield* formae("commands")).stdout
        assert.match(now, /apply +shop +running/)
        assert.match(now, /apply +shop +waiting/)

        // Where its socket is removed, it listens anew.
        const { socket } = statusOf((yield* formae("agent", "status", "--json")).stdout) ?? { socket: "" }
        rmSync(socket)
        yield* agent.said(`This agent listens at ${socket}`)
        assert.strictEqual(statusOf((yield* formae("agent", "status", "--json")).stdout)?.pid, agent.pid)

        // An agent whose state is gone can be stopped, and says why it could not end as it should.
        renameSync(at(".formae/state.db"), at(".formae/moved.db"))
        yield* agent.signal("SIGTERM")
        const stopped = yield* agent.ended
        assert.strictEqual(stopped.code, 143, stopped.stderr)
        assert.match(stopped.stderr, /What happens can no longer be logged: .*was removed, moved or replaced/)
      }).pipe(Effect.scoped),
  )
})
