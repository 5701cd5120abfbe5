/** Who can reach the inspector of Node: nobody but the agent that has opened it in a plugin, and nobody at all in the agent. */
import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import { fileURLToPath } from "node:url"
import { GuardProcess } from "../../src/agent/launch/GuardProcess.ts"
import { LaunchProcesses } from "../../src/agent/launch/LaunchProcesses.ts"
import { nodeArguments } from "../../src/agent/launch/PluginLauncher.ts"
import { startProcess } from "../../src/agent/launch/PluginProcess.ts"
import { StallAutopsy } from "../../src/agent/launch/StallAutopsy.ts"
import { Platform } from "../../src/platform/Platform.ts"
import { Generation, LaunchId } from "../../src/protocol/Identity.ts"
import { main, makeFolderFor } from "./formaeCommand.ts"
import { untilIn } from "./rows.ts"

const agentModule = fileURLToPath(import.meta.resolve("../../src/agent/launch/PluginLauncher.ts"))
const bin = fileURLToPath(new URL("../../bin/formae.js", import.meta.url))

/** A process that is started as a plugin is, and whose event loop is blocked. */
const blocked = Effect.gen(function* () {
  const started = yield* startProcess({
    plugin: "blocked",
    generation: Generation.make(1),
    launch: LaunchId.make("blocked-1"),
    command: process.execPath,
    args: [
      ...nodeArguments(agentModule, "main.js"),
      "-e",
      `function block() { for (;;); }; console.error("up"); block()`,
    ],
    environment: {},
    stop: { drainMillis: 0, inputEndedMillis: 1, terminateMillis: 1 },
    inFlight: () => [],
    unanswered: () => [],
    logLinesPerSecond: 10,
    onJunk: () => Effect.void,
  })
  // Before that, the signal would end it.
  yield* Effect.repeat(Effect.sync(started.output), {
    until: (lines) => lines.includes("up"),
    schedule: Schedule.spaced("5 millis"),
  })
  return started
})

const examining = Layer.mergeAll(GuardProcess.layerNone, LaunchProcesses.layerNone, StallAutopsy.layerInspector).pipe(
  Layer.provideMerge(NodeServices.layer),
)

describe("the inspector of a stalled plugin", () => {
  it.live("tells its id to the agent alone: others who ask the port learn nothing", () =>
    Effect.gen(function* () {
      const { inspector, pid } = yield* blocked
      process.kill(pid, "SIGUSR1")
      const address = new URL(yield* inspector)
      assert.strictEqual(address.hostname, "127.0.0.1")
      for (const path of ["/json/list", "/json", "/json/version", "/json/protocol", "/"]) {
        const answer = yield* Effect.promise(() => fetch(`http://${address.host}${path}`))
        assert.isFalse(answer.ok, `${path} was answered`)
        assert.notInclude(yield* Effect.promise(() => answer.text()), address.pathname.slice(1))
      }
      const frames = yield* StallAutopsy.use(({ examine }) => examine(pid, inspector))
      assert.match(frames[0] ?? "", /^block /)
    }).pipe(Effect.scoped, Effect.provide(examining)),
  )

  it.live("is opened by Node's own function as on Windows, where there is no signal for it", () =>
    Effect.gen(function* () {
      const { inspector, pid } = yield* blocked
      const frames = yield* Effect.provideService(
        StallAutopsy.use(({ examine }) => examine(pid, inspector)),
        Platform,
        "win32",
      )
      assert.match(frames[0] ?? "", /^block /)
    }).pipe(Effect.scoped, Effect.provide(examining)),
  )
})

const waiting = `name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./shop.db, region: eu-west-1, settleMillis: 3600000 } }
resources:
  - { label: net, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

describe("the agent", () => {
  it.live.each([
    ["as a bundle", main],
    ["from its source", bin],
  ] as const)("opens no inspector at SIGUSR1, and is not ended by it: %s", ([, program]) =>
    Effect.gen(function* () {
      const { at, begin, write } = yield* makeFolderFor(program)
      write("shop.yaml", waiting)
      const command = yield* begin("apply", "shop.yaml")
      yield* untilIn(at(".formae/state.db"), "SELECT request_id FROM operations WHERE request_id IS NOT NULL")
      yield* command.signal("SIGUSR1")
      yield* command.signal("SIGINT")
      const ended = yield* command.ended
      assert.strictEqual(ended.code, 130, ended.stderr)
      assert.notInclude(ended.stderr, "Debugger listening")
    }),
  )
})
