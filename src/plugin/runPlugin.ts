/** Everything that a plugin's entry file does: `runPlugin(plugin)`. */
import { makeSealedStdio } from "../transport/SealedStdout.ts"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Stdio from "effect/Stdio"
import * as NodeRuntime from "@effect/platform-node-shared/NodeRuntime"
import { environment } from "../protocol/LaunchVariables.ts"
import { Cookie, NodeName } from "../protocol/Identity.ts"
import { layerPluginLogger } from "./PluginLogger.ts"
import { layerPluginTelemetry } from "./PluginTelemetry.ts"
import { isWindows, thisPlatform } from "../platform/Platform.ts"
import { sendSignal } from "../platform/signals.ts"
import { signalCodes } from "../platform/stopSignals.ts"
import { servePlugin } from "./PluginServer.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** The exit code of a plugin that was not started by an agent: `EX_USAGE` of sysexits.h. */
const startedByHand = 64

/** The signals at which `NodeRuntime.runMain` interrupts a plugin. */
const interrupting = ["SIGINT", "SIGTERM"] as const
type StopSignal = (typeof interrupting)[number]

const launchEnvironment = Config.all({
  node: Config.schema(NodeName, environment.pluginNode),
  cookie: Config.schema(Cookie, environment.cookie),
})

/**
 * Serves `plugin` on this process's stdin and stdout until the agent closes
 * them, then exits with 0. Nothing that the process prints from now on can break
 * the protocol: stdout is sealed, and logs go to stderr as records for the agent.
 * (For what prints while it is imported, import `formae/plugin/seal` first.)
 * The cookie of the launch is removed from the environment, so that a process
 * that the plugin starts does not count as a plugin; the id of the launch stays,
 * so that the agent can end that process with the plugin. Exits with 64 if no agent
 * started the process. SIGINT and SIGTERM interrupt the plugin, and when it has
 * released what it holds, the process ends by that signal, so that an agent can
 * tell a plugin that was killed from one that left.
 *
 * @example
 * ```ts
 * import { definePlugin, runPlugin } from "formae/plugin"
 *
 * runPlugin(definePlugin({ name: "shop", namespace: "Shop", version: "1.0.0", types: [] }))
 * ```
 */
export const runPlugin = <R>(plugin: ResourcePlugin<R>): void => {
  const main = Effect.gen(function* () {
    const launch = yield* Effect.option(launchEnvironment)
    if (Option.isNone(launch)) {
      yield* Console.error(
        `${plugin.name} ${plugin.version} is a formae plugin for the namespace ${plugin.namespace}. It is started by the formae agent, not by hand: see "formae plugins --help".`,
      )
      return startedByHand
    }
    delete process.env[environment.cookie]
    yield* Effect.provideService(
      servePlugin(plugin, { ...launch.value, pid: process.pid }),
      Stdio.Stdio,
      makeSealedStdio(),
    )
    return 0
  })

  let received: StopSignal | undefined
  for (const signal of interrupting) process.on(signal, () => (received ??= signal))

  main.pipe(
    Effect.provide([layerPluginLogger, layerPluginTelemetry]),
    // For a logger that the plugin installs itself.
    Effect.provideService(Logger.LogToStderr, true),
    NodeRuntime.runMain({ teardown: (exit) => exitNow(exit, received) }),
  )
}

/**
 * Exits at once. Everything has been written by now, and a timer or a socket that
 * a provider's SDK left open must not keep the process alive.
 */
const exitNow = (exit: Exit.Exit<unknown, unknown>, received: StopSignal | undefined): void => {
  if (exit._tag === "Success") process.exit(typeof exit.value === "number" ? exit.value : 0)
  if (received !== undefined) endBy(received)
  process.exit(Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
}

/** Ends this process by a signal that it has caught. */
const endBy = (signal: StopSignal): never => {
  process.removeAllListeners(signal)
  // There it would end with the exit code 1, as if it had crashed.
  if (!isWindows(thisPlatform)) sendSignal(process.pid, signal)
  // Where that does not end it, the exit code says the same.
  process.exit(signalCodes[signal])
}
