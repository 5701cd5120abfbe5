/** Cuts off one create of a real plugin, and checks what remains of it everywhere. */
import { DatabaseSync } from "node:sqlite"
import { assert } from "@effect/vitest"
import { namespaceOf, ResourceType } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { type Begun, type Ended, makeFolder } from "../../process/formaeCommand.ts"
import { childrenThatRun, untilGone } from "../../process/processState.ts"
import type { ProxiedCloud, Subject } from "./subjects.ts"

/** Short delays, so that tests do not wait for the retry policy. */
const settings = `operator: { retry: { baseMillis: 20, capMillis: 500 }, poll: { baseMillis: 20, capMillis: 250 } }`

const pluginFolders: Readonly<Record<string, string>> = { AWS: "/plugins/aws/", Azure: "/plugins/azure/" }

interface Death {
  readonly name: string
  /** How many crashes of its plugin the operation reports. */
  readonly crashes: number
  /** Kills a process, and resumes formae if that was what died. */
  readonly kill: (
    begun: Begun,
    plugin: number,
    formae: (...args: ReadonlyArray<string>) => Effect.Effect<Ended>,
  ) => Effect.Effect<Ended>
}

const sigkill = (pid: number) => Effect.sync(() => process.kill(pid, "SIGKILL"))

export const deathOfPlugin: Death = {
  name: "kill -9 of the plugin",
  crashes: 1,
  kill: ({ ended }, plugin) => Effect.andThen(sigkill(plugin), ended),
}

const deathOfAgent: Death = {
  name: "kill -9 of the agent, and formae resume",
  crashes: 0,
  kill: ({ ended, pid }, plugin, formae) =>
    Effect.gen(function* () {
      yield* sigkill(pid)
      yield* ended
      yield* untilGone(plugin)
      return yield* formae("resume", "--json", "--config", "settings.yaml")
    }),
}

export const deaths: ReadonlyArray<Death> = [deathOfPlugin, deathOfAgent]

/** Applies one resource, cuts off its create, and checks what remains. Returns how many creates reached the service. */
export const cutOff = Effect.fnUntraced(function* <R>(
  subject: Subject<R>,
  /** Sets the fault. The returned effect completes when it has happened. */
  setFault: (proxy: ProxiedCloud["proxy"]) => Effect.Effect<void>,
  death: Death | undefined,
) {
  const { begin, at, formae, write } = yield* makeFolder
  const { config, existing, proxy } = yield* subject.cloud
  const namespace = namespaceOf(ResourceType.make(subject.type))
  const { properties, type } = subject
  write("settings.yaml", settings)
  write(
    "cut.json",
    JSON.stringify({
      targets: { there: { namespace, config } },
      resources: [{ label: "it", type, target: "there", properties }],
    }),
  )
  const happened = setFault(proxy)
  const begun = yield* begin("apply", "cut.json", "--json", "--config", "settings.yaml")
  // A command that ends before the fault proves nothing.
  const early = yield* Effect.raceFirst(Effect.as(happened, undefined), begun.ended)
  if (early !== undefined) return assert.fail(`ended before the fault: ${early.stdout}${early.stderr}`)
  const [plugin, ...more] = childrenThatRun(pluginFolders[namespace] ?? "", begun.pid)
  if (plugin === undefined || more.length > 0) return assert.fail("expected exactly one process of the plugin")
  const { stderr, stdout } = yield* death?.kill(begun, plugin, formae) ?? begun.ended

  const result = Result.getOrThrowWith(
    Result.try(() => JSON.parse(stdout) as CommandResult),
    () => new TypeError(`no result: ${stdout}${stderr}`),
  )
  assert.strictEqual(result.status, "succeeded", stdout)
  const [resource, ...others] = result.resources
  assert.deepStrictEqual(others, [])
  if (resource === undefined || resource.nativeId === null) return assert.fail(stdout)
  assert.strictEqual(resource.status, "succeeded")
  assert.lengthOf(resource.crashes, death?.crashes ?? 0, stdout)

  const database = new DatabaseSync(at(".formae/state.db"), { readOnly: true })
  const operations = database.prepare("SELECT kind, status, settled, native_id AS nativeId FROM operations").all()
  database.close()
  const { nativeId } = resource
  assert.deepStrictEqual(
    operations.map((row) => ({ ...row })),
    [{ kind: "Create", status: "Succeeded", settled: 1, nativeId }],
  )
  assert.deepStrictEqual(yield* existing, [nativeId])
  return proxy.count(subject.creates)
})
