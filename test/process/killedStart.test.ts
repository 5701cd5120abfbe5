import { afterAll, assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginEvent } from "../../src/agent/supervision/PluginEvent.ts"
import { Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import { pluginsFolder, twinFolder } from "../bundles/folders.ts"
import { columnIn } from "./rows.ts"

/** Two plugins that keep what they made in a file. */
const plugins = [
  { name: "fake-aws", namespace: Namespace.make("FakeAWS"), folder: join(pluginsFolder, "fake-aws") },
  { name: "twin", namespace: Namespace.make("Twin"), folder: join(twinFolder, "twin") },
]
type Plugin = (typeof plugins)[number]
const names = plugins.map(({ name }) => name)

/** A plugin whose start never ends. */
const openingFolder = fileURLToPath(new URL("../fixtures/plugins/opening", import.meta.url))

/** One network for each plugin, in a cloud of its own. */
const formaIn = (folder: string): Forma => ({
  name: "shop",
  targets: Object.fromEntries(
    plugins.map(({ name, namespace }) => [
      name,
      { namespace, config: { cloud: join(folder, `${name}.db`), region: "eu-west-1", settleMillis: 20 } },
    ]),
  ),
  resources: plugins.map(({ name, namespace }) => ({
    label: name,
    type: ResourceType.make(`${namespace}::EC2::VPC`),
    target: name,
    properties: { CidrBlock: "10.0.0.0/16" },
  })),
})

/** The spawner of this system, which says which process of which plugin it has started. */
const makeSpawns = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner
  const spawns = new Map(
    yield* Effect.forEach([...names, "opening"], (name) =>
      Effect.map(Queue.unbounded<number>(), (of) => [name, of] as const),
    ),
  )
  const observed = make((command) =>
    Effect.tap(spawner.spawn(command), ({ pid }) => {
      const entry = command._tag === "StandardCommand" ? command.args.at(-1) : undefined
      const queue = entry === undefined ? undefined : spawns.get(basename(dirname(String(entry))))
      return queue === undefined ? Effect.void : Queue.offer(queue, pid)
    }),
  )
  return {
    /** The pid of the process of a plugin that is started next. */
    next: (name: string) => Effect.flatMap(Effect.orDie(Effect.fromNullishOr(spawns.get(name))), Queue.take),
    layer: Layer.succeed(ChildProcessSpawner, observed),
  }
})

const kill = (pid: number, signal: "SIGKILL" | "SIGTERM" | "SIGINT" = "SIGKILL") =>
  Effect.sync(() => process.kill(pid, signal))

interface Kill {
  readonly signal: "SIGKILL" | "SIGTERM"
  readonly victims: ReadonlyArray<string>
  /** The first launch, or the one that follows a crash with nothing under way. */
  readonly launch: "first" | "next"
  /** Counted from the spawn. */
  readonly afterMillis: number
}

/** Applies the forma, while each victim is killed. */
const applyWhileKilling = Effect.fnUntraced(function* ({ afterMillis, launch, signal, victims }: Kill) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
  const spawns = yield* makeSpawns
  const layer = Agent.layer.pipe(
    Layer.provideMerge(PluginCoordinator.layerProcesses(plugins.map((plugin) => plugin.folder))),
    // Each kill is a warning in the log.
    Layer.provide([Store.layerMemory, spawns.layer, Logger.layer([])]),
  )
  const applied = yield* Effect.gen(function* () {
    const agent = yield* Agent
    const coordinator = yield* PluginCoordinator
    let failedStarts = 0
    yield* coordinator.events.pipe(
      Stream.runForEach(({ _tag }) => Effect.sync(() => void (failedStarts += _tag === "StartFailed" ? 1 : 0))),
      Effect.forkScoped({ startImmediately: true }),
    )
    const killWhenSpawned = (spawned: Effect.Effect<number>) =>
      Effect.flatMap(spawned, (pid) => Effect.delay(kill(pid, signal), afterMillis)).pipe(
        Effect.forkScoped({ startImmediately: true }),
      )
    const crash = Effect.fnUntraced(function* ({ name, namespace }: Plugin) {
      yield* coordinator.capabilities(namespace)
      yield* Effect.flatMap(spawns.next(name), kill)
      return yield* killWhenSpawned(Effect.succeed(yield* spawns.next(name)))
    })
    const killing = yield* Effect.forEach(
      plugins.filter(({ name }) => victims.includes(name)),
      (plugin) => (launch === "first" ? killWhenSpawned(spawns.next(plugin.name)) : crash(plugin)),
      { concurrency: "unbounded" },
    )
    const result = yield* agent.apply(formaIn(folder))
    yield* Effect.forEach(killing, Fiber.join)
    return { result, failedStarts }
  }).pipe(Effect.provide(layer))
  // Now that all processes are gone: one that ends closes its cloud, which cannot be read meanwhile.
  const made = yield* Effect.forEach(names, (name) =>
    columnIn(join(folder, `${name}.db`), "SELECT native_id FROM resources"),
  )
  return { ...applied, made }
})

describe.concurrent("an apply whose plugins are killed while they start", () => {
  /** How many kills by each signal came before the handshake. */
  const early = new Map<string, number>()
  afterAll(() => {
    for (const [signal, count] of early) assert.isAbove(count, 0, `no ${signal} came before a handshake`)
  })

  for (const launch of ["first", "next"] as const) {
    for (const [signal, victims] of [
      ["SIGKILL", names.slice(0, 1)],
      ["SIGKILL", names],
      ["SIGTERM", names],
    ] as const) {
      for (const afterMillis of [0, 50, 100, 200, 300]) {
        it.live(
          `P3: ${victims.join(" and ")}, at the ${launch} launch, by ${signal} after ${afterMillis} ms: makes all of it once`,
          () =>
            Effect.gen(function* () {
              const applied = yield* applyWhileKilling({ signal, victims, launch, afterMillis })
              early.set(signal, (early.get(signal) ?? 0) + applied.failedStarts)
              assert.strictEqual(applied.result.status, "succeeded", JSON.stringify(applied.result))
              for (const nativeIds of applied.made) assert.lengthOf(nativeIds, 1)
            }).pipe(Effect.provide(NodeServices.layer)),
        )
      }
    }
  }
})

describe.concurrent("a plugin that builds its layer in its handshake", () => {
  it.live.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("is restarted if %s ends it meanwhile", (signal) =>
    Effect.gen(function* () {
      const spawns = yield* makeSpawns
      const events = yield* Queue.unbounded<PluginEvent>()
      const opening = yield* Queue.unbounded<void>()
      const logger = Logger.make<unknown, void>(({ message }) => {
        if (String(message) === "opening the vault") Queue.offerUnsafe(opening, undefined)
      })
      const layer = PluginCoordinator.layerProcesses([openingFolder]).pipe(
        Layer.provide([spawns.layer, Logger.layer([logger])]),
      )
      yield* Effect.gen(function* () {
        const coordinator = yield* PluginCoordinator
        yield* Stream.runForEach(coordinator.events, (event) => Queue.offer(events, event)).pipe(
          Effect.forkScoped({ startImmediately: true }),
        )
        const waiting = yield* Effect.forkScoped(Effect.exit(coordinator.capabilities("Opening")))
        const pid = yield* spawns.next("opening")
        yield* Queue.take(opening)
        yield* kill(pid, signal)
        const [launched, failed] = yield* Queue.takeN(events, 2)
        assert.strictEqual(launched?._tag, "Launched")
        assert.deepInclude(failed, { _tag: "StartFailed", cause: { _tag: "Signalled", signal } })
        const [restarting, again] = yield* Queue.takeN(events, 2)
        assert.deepEqual([restarting?._tag, again?._tag], ["RestartingIn", "Launched"])
        assert.isUndefined(waiting.pollUnsafe())
      }).pipe(Effect.provide(layer))
    }).pipe(Effect.provide(NodeServices.layer)),
  )
})
