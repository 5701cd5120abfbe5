import { assert, describe, it } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import { join } from "node:path"
import { Agent } from "../../src/agent/Agent.ts"
import type { Forma } from "../../src/agent/forma/Forma.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
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

/** The spawner of this system, which says which process it has started. */
const makeSpawns = Effect.gen(function* () {
  const spawner = yield* ChildProcessSpawner
  const spawns = new Map(
    yield* Effect.forEach(names, (name) => Effect.map(Queue.unbounded<number>(), (of) => [name, of] as const)),
  )
  const observed = make((command) =>
    Effect.tap(spawner.spawn(command), ({ pid }) => {
      const args = command._tag === "StandardCommand" ? command.args.map(String) : []
      const plugin = plugins.find(({ folder }) => args.includes(join(folder, "main.mjs")))
      const queue = plugin && spawns.get(plugin.name)
      return queue === undefined ? Effect.void : Queue.offer(queue, pid)
    }),
  )
  return {
    /** The pid of the process of a plugin that is started next. */
    next: (name: string) => Effect.flatMap(Effect.orDie(Effect.fromNullishOr(spawns.get(name))), Queue.take),
    layer: Layer.succeed(ChildProcessSpawner, observed),
  }
})

const kill = (pid: number) => Effect.sync(() => process.kill(pid, "SIGKILL"))

interface Kill {
  readonly victims: ReadonlyArray<string>
  /** The first launch, or the one that follows a crash with nothing under way. */
  readonly launch: "first" | "next"
  /** Counted from the spawn. */
  readonly afterMillis: number
}

/** Applies the forma, while each victim is killed. */
const applyWhileKilling = Effect.fnUntraced(function* ({ afterMillis, launch, victims }: Kill) {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix: "formae-test-" })
  const spawns = yield* makeSpawns
  const layer = Agent.layer.pipe(
    Layer.provideMerge(PluginCoordinator.layerProcesses(plugins.map((plugin) => plugin.folder))),
    // Each kill is a warning in the log.
    Layer.provide([Store.layerMemory, spawns.layer, Logger.layer([])]),
  )
  return yield* Effect.gen(function* () {
    const agent = yield* Agent
    const coordinator = yield* PluginCoordinator
    const killWhenSpawned = (spawned: Effect.Effect<number>) =>
      Effect.flatMap(spawned, (pid) => Effect.delay(kill(pid), afterMillis)).pipe(
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
    const result = yield* agent.apply(formaIn(folder), () => Effect.void)
    yield* Effect.forEach(killing, Fiber.join)
    const made = yield* Effect.forEach(names, (name) =>
      columnIn(join(folder, `${name}.db`), "SELECT native_id FROM resources"),
    )
    return { result, made }
  }).pipe(Effect.provide(layer))
})

describe.concurrent("an apply whose plugins are killed while they start", () => {
  for (const launch of ["first", "next"] as const) {
    for (const victims of [names.slice(0, 1), names]) {
      for (const afterMillis of [0, 50, 100, 200, 300]) {
        it.live(
          `P3: ${victims.join(" and ")}, at the ${launch} launch, after ${afterMillis} ms: makes all of it once`,
          () =>
            Effect.gen(function* () {
              const { made, result } = yield* applyWhileKilling({ victims, launch, afterMillis })
              assert.strictEqual(result.status, "succeeded", JSON.stringify(result))
              for (const nativeIds of made) assert.lengthOf(nativeIds, 1)
            }).pipe(Effect.provide(NodeServices.layer)),
        )
      }
    }
  }
})
