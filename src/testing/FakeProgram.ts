import type { Signal } from "effect/process/ChildProcess"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stdio from "effect/Stdio"
import { servePlugin } from "../plugin/PluginServer.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import { Cookie, NodeName } from "../protocol/Identity.ts"
import { environment } from "../protocol/LaunchVariables.ts"
import type { FakeProcess } from "./FakeProcess.ts"

/** What runs in a fake process. When it ends, the process exits with the code that it returns, or with 1 if it dies. */
export type FakeProgram = (process: FakeProcess) => Effect.Effect<number, never, Stdio.Stdio | Scope.Scope>

/** As with `runPlugin`: without the environment of an agent there is nothing to serve. */
const startedByHand = 64

/** Serves `plugin` until stdin ends, and exits with 0. Exits with 64 if no agent has started the process. */
export const serves =
  <R>(plugin: ResourcePlugin<R>): FakeProgram =>
  (process) => {
    const { [environment.cookie]: cookie, [environment.pluginNode]: node } = process.spawn.environment
    if (cookie === undefined || node === undefined) return Effect.succeed(startedByHand)
    return Effect.as(
      servePlugin(plugin, { node: NodeName.make(node), cookie: Cookie.make(cookie), pid: process.pid }),
      0,
    )
  }

/** Exits with `code` before it answers anything. `says` is written to stderr. */
export const exitsAtOnce =
  (code: number, says = ""): FakeProgram =>
  (process) =>
    Effect.as(process.printError(says), code)

/** Reads nothing and answers nothing until a signal ends it. */
export const neverAnswers: FakeProgram = () => Effect.never

/** Runs `program`, which these signals do not end. */
export const ignoring =
  (signals: ReadonlyArray<Signal>, program: FakeProgram): FakeProgram =>
  (process) =>
    Effect.andThen(Effect.forEach(signals, process.ignore, { discard: true }), program(process))
