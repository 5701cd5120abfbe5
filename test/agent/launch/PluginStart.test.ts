import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { systemError } from "effect/PlatformError"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { Catalog } from "../../../src/agent/catalog/Catalog.ts"
import { GuardProcess } from "../../../src/agent/launch/GuardProcess.ts"
import { LaunchProcesses } from "../../../src/agent/launch/LaunchProcesses.ts"
import { NodeNames } from "../../../src/agent/launch/NodeNames.ts"
import { PluginLauncher } from "../../../src/agent/launch/PluginLauncher.ts"
import { ProcessMemory } from "../../../src/agent/launch/ProcessMemory.ts"
import { StallAutopsy } from "../../../src/agent/launch/StallAutopsy.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Quarantines } from "../../../src/agent/supervision/Quarantines.ts"
import { definePlugin } from "../../../src/plugin/ResourcePlugin.ts"
import {
  exitsAtOnce,
  type FakeProgram,
  FakeSpawner,
  ignoring,
  neverAnswers,
  serves,
} from "../../../src/testing/index.ts"
import { plugin } from "../../fixtures/plugins/suite/plugin.ts"
import { handshakeOf, handWritten } from "../supervision/handWritten.ts"
import { elapse, entryOf, makeSupervised, tagsOf } from "../supervision/supervised.ts"

/** How the start of a plugin fails that runs this. */
const startFailure = Effect.fnUntraced(function* (program: FakeProgram) {
  const { eventsUntil, operator } = yield* makeSupervised({ programOf: () => program })
  const error = yield* Effect.flip(operator())
  const tags = tagsOf(yield* eventsUntil("StartFailed")).filter((tag) => tag !== "Junk")
  assert.deepEqual(tags, ["Launched", "StartFailed"])
  if (error._tag !== "PluginStartFailed") return yield* Effect.die(error)
  return error
})

describe("a plugin that does not start", () => {
  it.effect("because it exits: with its code, and what it printed", () =>
    Effect.gen(function* () {
      const error = yield* startFailure(exitsAtOnce(7, "loading\r\nError: Cannot find module 'left-pad'"))
      assert.strictEqual(
        error.message,
        "The plugin suite did not start (/plugins/suite/main.js): it exited with code 7. It printed:\n  loading\n  Error: Cannot find module 'left-pad'",
      )
      assert.deepEqual(error.cause, { _tag: "Exited", code: 7 })
    }),
  )

  it.effect.each<[string, string, string]>([
    ["has no cause", `{"_tag":"Failure","cause":[]}`, "exit.cause: is empty"],
    ["has no exit", "null", "exit: is not an object"],
    [
      "has a defect that cannot be made text",
      `{"_tag":"Failure","cause":[{"_tag":"Die","defect":{"toString":1}}]}`,
      `{"toString":1}`,
    ],
    [
      "is nested 20,000 deep",
      `{"_tag":"Success","value":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
      "nested more than 256",
    ],
  ])("P1: because its answer to the handshake %s: at once", ([, exit, problem]) =>
    Effect.gen(function* () {
      const error = yield* startFailure(handWritten(({ id }) => [`{"_tag":"Exit","requestId":${id},"exit":${exit}}`]))
      assert.strictEqual(error.cause._tag, "Refused")
      assert.include(error.message, problem)
    }),
  )

  it.effect("because it is some other program: with what it said on stdout", () =>
    Effect.gen(function* () {
      const error = yield* startFailure((process) => Effect.as(process.print("usage: plugin [options]\n"), 2))
      assert.deepEqual(error.output, ["usage: plugin [options]"])
      assert.strictEqual(error.reason, "it exited with code 2")
    }),
  )

  it.effect(
    "because it does not answer: after 10 seconds from its spawn, and it is killed, for it has begun nothing",
    () =>
      Effect.gen(function* () {
        const { operator, spawns } = yield* makeSupervised({ programOf: () => neverAnswers })
        const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
        const process = yield* Queue.take(spawns)
        yield* elapse("9999 millis")
        assert.deepEqual(yield* process.notices, [])
        yield* elapse("1 millis")
        const error = yield* Fiber.join(waiting)
        assert.include(error.message, "it did not answer the handshake within 10s")
        assert.deepInclude(error, { cause: { _tag: "TimedOut", millis: 10_000 } })
        assert.strictEqual((yield* process.notices)[0], "SIGKILL")
        assert.isFalse(yield* process.isRunning)
      }),
  )

  it.effect("because it does not answer, and does not go: it is killed", () =>
    Effect.gen(function* () {
      const { operator, spawns } = yield* makeSupervised({ programOf: () => ignoring(["SIGTERM"], neverAnswers) })
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      const process = yield* Queue.take(spawns)
      yield* elapse("10 seconds")
      assert.strictEqual((yield* Fiber.join(waiting))._tag, "PluginStartFailed")
      assert.isFalse(yield* process.isRunning)
    }),
  )

  it.effect("because it closes its stdout and lives on: as a protocol fault", () =>
    Effect.gen(function* () {
      const closesStdout: FakeProgram = () =>
        Stdio.Stdio.use(({ stdout }) => Stream.run(Stream.empty, stdout({ endOnDone: true }))).pipe(
          Effect.orDie,
          Effect.andThen(Effect.never),
        )
      const { operator } = yield* makeSupervised({ programOf: () => closesStdout })
      const waiting = yield* Effect.forkChild(Effect.flip(operator()), { startImmediately: true })
      yield* elapse("250 millis")
      assert.deepInclude(yield* Fiber.join(waiting), {
        _tag: "PluginStartFailed",
        cause: { _tag: "ProtocolFault", reason: "The plugin closed its stdout" },
      })
    }),
  )

  it.effect("because the system does not start its process: with the reason of the system", () =>
    Effect.gen(function* () {
      const notFound = systemError({ _tag: "NotFound", module: "ChildProcess", method: "spawn" })
      const launcher = PluginLauncher.layerNoDeps.pipe(
        Layer.provide([
          NodeNames.layer,
          GuardProcess.layerNone,
          LaunchProcesses.layerNone,
          ProcessMemory.layerNone,
          StallAutopsy.layerNone,
        ]),
        Layer.provide(
          Layer.succeed(
            ChildProcessSpawner,
            make(() => Effect.fail(notFound)),
          ),
        ),
      )
      const catalog = Layer.succeed(Catalog, Catalog.fromEntries([entryOf("suite", "Suite")]))
      const services = yield* PluginCoordinator.layerNoDeps().pipe(
        Layer.provide([launcher, catalog, Quarantines.layerMemory]),
        Layer.build,
      )
      const error = yield* Effect.flip(Context.get(services, PluginCoordinator).capabilities("Suite"))
      assert.deepInclude(error, { cause: { _tag: "NotSpawned", message: notFound.message } })
    }),
  )

  it.effect("is started again when it is wanted again", () =>
    Effect.gen(function* () {
      const { operator } = yield* makeSupervised({
        programOf: ({ number }) => (number < 3 ? exitsAtOnce(1) : serves(plugin)),
      })
      const tries = Effect.isSuccess(operator())
      assert.deepEqual(yield* Effect.all([tries, tries, tries, tries]), [false, false, true, true])
    }),
  )
})

describe("a handshake", () => {
  it.effect("P4: is asked for once the guard knows of the process, which a plugin without a guard could outlive", () =>
    Effect.gen(function* () {
      const guarded: Array<string> = []
      const received: Array<string> = []
      const confirmed = yield* Deferred.make<void>()
      const guard = GuardProcess.of({
        guard: (launch, pid) => Effect.sync(() => void guarded.push(String(pid ?? launch))),
        release: () => Effect.void,
        confirmed: Deferred.await(confirmed),
        arm: () => Effect.undefined,
        disarm: () => Effect.void,
      })
      const program = handWritten((request, process) => {
        received.push(request.tag)
        return [handshakeOf(request, process)]
      })
      const launcher = PluginLauncher.layerNoDeps.pipe(
        Layer.provide([NodeNames.layer, LaunchProcesses.layerNone, ProcessMemory.layerNone, StallAutopsy.layerNone]),
        Layer.provide(Layer.succeed(GuardProcess, guard)),
        Layer.provide(FakeSpawner.layer(() => program)),
      )
      const catalog = Layer.succeed(Catalog, Catalog.fromEntries([entryOf("suite", "Suite")]))
      const services = yield* PluginCoordinator.layerNoDeps().pipe(
        Layer.provide([launcher, catalog, Quarantines.layerMemory]),
        Layer.build,
      )
      const asked = yield* Effect.forkChild(Context.get(services, PluginCoordinator).capabilities("Suite"))
      yield* elapse("1 second")
      // The process is there, and it is told to the guard, but nothing was said to it.
      assert.include(guarded, "1001")
      assert.deepEqual(received, [])
      yield* Deferred.succeed(confirmed, undefined)
      yield* Fiber.join(asked)
      assert.deepEqual(received, ["Handshake"])
    }),
  )

  it.effect("written by hand is as good as one of the SDK", () =>
    Effect.gen(function* () {
      const { coordinator } = yield* makeSupervised({
        programOf: () => handWritten((request, process) => ["loading...", handshakeOf(request, process)]),
      })
      assert.strictEqual((yield* coordinator.capabilities("Suite")).size, 0)
    }),
  )

  it.effect.each([
    [{ cookie: "guessed" }, "its handshake carries the cookie of another launch: it must return FORMAE_NETWORK_COOKIE"],
    [{ namespace: "Other" }, "it says that it serves the namespace Other, but its manifest says Suite"],
    [{ protocol: 2 }, "it chose protocol 2, but this agent speaks 1"],
    [{ protocol: 0 }, "it chose protocol 0, but this agent speaks 1"],
  ] as const)("that answers %j is refused in a sentence", ([change, reason]) =>
    Effect.gen(function* () {
      const error = yield* startFailure(handWritten((request, process) => [handshakeOf(request, process, change)]))
      assert.deepEqual(error.cause, { _tag: "Refused", message: reason })
    }),
  )

  it.effect.each([{ types: undefined }, { node: "no node name" }, { pid: "1" }])(
    "that answers %j cannot be read, and the error says so",
    (change) =>
      Effect.gen(function* () {
        const { reason } = yield* startFailure(
          handWritten((request, process) => [handshakeOf(request, process, change)]),
        )
        assert.include(reason, "it does not speak this protocol")
      }),
  )

  it.effect.each([
    [{ _tag: "Interrupt", fiberId: 1 }, "it gave up its handshake"],
    [{ _tag: "Die", defect: "out of luck" }, "its handshake cannot be read: out of luck"],
  ] as const)("that ends with %j fails the start, and nobody waits forever", ([reason, sentence]) =>
    Effect.gen(function* () {
      const ending = startFailure(
        handWritten(({ id }) => [
          JSON.stringify({ _tag: "Exit", requestId: id, exit: { _tag: "Failure", cause: [reason] } }),
        ]),
      )
      const waiting = yield* Effect.forkChild(ending, { startImmediately: true })
      // The end of its process would say more, and does not come.
      yield* elapse("1 second")
      const error = yield* Fiber.join(waiting)
      assert.strictEqual(error.reason, sentence)
    }),
  )

  it.effect("of a plugin with another namespace than its manifest is refused", () =>
    Effect.gen(function* () {
      const other = definePlugin({ name: "suite", namespace: "Other", version: "1.2.3", types: [] })
      const { reason } = yield* startFailure(serves(other))
      assert.strictEqual(reason, "it says that it serves the namespace Other, but its manifest says Suite")
    }),
  )

  it.effect("that the plugin refuses says why", () =>
    Effect.gen(function* () {
      const { reason } = yield* startFailure((process) =>
        serves(plugin)({
          ...process,
          spawn: { ...process.spawn, environment: { ...process.spawn.environment, FORMAE_NETWORK_COOKIE: "other" } },
        }),
      )
      assert.include(reason, "The cookie of the handshake is not the one of this launch")
    }),
  )
})

describe("a launch", () => {
  it.effect("has a cookie and an environment of its own, and the agent's secrets are not in it", () =>
    Effect.gen(function* () {
      const { nextReady, operator } = yield* makeSupervised()
      yield* operator()
      const first = yield* nextReady
      yield* first.exit(1)
      const second = yield* nextReady
      const { FORMAE_NETWORK_COOKIE: cookie, ...identity } = first.spawn.environment
      assert.notStrictEqual(cookie, second.spawn.environment["FORMAE_NETWORK_COOKIE"])
      assert.match(cookie ?? "", /^[0-9a-f-]{36}$/)
      assert.deepInclude(identity, {
        FORMAE_AGENT_NODE: "agent@localhost",
        FORMAE_PLUGIN_NODE: "suite-plugin@localhost",
      })
      assert.doesNotHaveAnyKeys(identity, { NODE_OPTIONS: "", VITEST: "", NODE_ENV: "" })
    }),
  )
})
