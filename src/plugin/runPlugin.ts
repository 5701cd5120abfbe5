/** Everything that a plugin's entry file does: `runPlugin(plugin)`. */
import { sealedStdio } from "../transport/SealedStdout.ts"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import type * as Runtime from "effect/Runtime"
import * as Stdio from "effect/Stdio"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { environment } from "../protocol/LaunchVariables.ts"
import { Cookie, NodeName } from "../protocol/Identity.ts"
import { layerPluginLogger } from "./PluginLogger.ts"
import { servePlugin } from "./PluginServer.ts"
import type { ResourcePlugin } from "./ResourcePlugin.ts"

/** The exit code of a plugin that was not started by an agent: `EX_USAGE` of sysexits.h. */
const startedByHand = 64

const launchEnvironment = Config.all({
  node: Config.schema(NodeName, environment.pluginNode),
  cookie: Config.schema(Cookie, environment.cookie),
})

/**
 * Serves `plugin` on this process's stdin and stdout until the agent closes
 * them, then exits with 0. Nothing that the process prints can break the
 * protocol: stdout is sealed, and logs go to stderr as records for the agent.
 * Exits with 64 if no agent started the process.
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
    yield* servePlugin(plugin, { ...launch.value, pid: process.pid })
    return 0
  })

  main.pipe(
    Effect.provideService(Stdio.Stdio, sealedStdio),
    Effect.provide(layerPluginLogger),
    // For a logger that the plugin installs itself.
    Effect.provideService(Logger.LogToStderr, true),
    NodeRuntime.runMain({ teardown: exitNow }),
  )
}

/**
 * Exits at once. Everything has been written by now, and a timer or a socket that
 * a provider's SDK left open must not keep the process alive.
 */
const exitNow: Runtime.Teardown = (exit) => {
  if (exit._tag === "Success") process.exit(typeof exit.value === "number" ? exit.value : 0)
  process.exit(Cause.hasInterruptsOnly(exit.cause) ? 0 : 1)
}
