import type { Signal } from "effect/process/ChildProcess"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stdio from "effect/Stdio"
import { servePlugin } from "../plugin/PluginServer.ts"
import type { ResourcePlugin } from "../plugin/ResourcePlugin.ts"
import { Cookie, NodeName } from "../protocol/Identity.ts"
import { environment } from "../protocol/LaunchVariables.ts"
import { aroundCalls } from "./aroundCalls.ts"
import { type FakeProcess, unlessStalled } from "./FakeProcess.ts"

/** Runs in a fake process. When it ends, the process exits with the code that it returns, or with 1 if it dies. */
export type FakeProgram = (process: FakeProcess) => Effect.Effect<number, never, Stdio.Stdio | Scope.Scope>

/** The exit code of `runPlugin` without the environment of an agent. */
const startedByHand = 64

/** Serves `plugin` until stdin ends, and exits with 0. Exits with 64 if no agent has started the process. */
export const serves =
  <R>(plugin: ResourcePlugin<R>): FakeProgram =>
  (process) => {
    const { [environment.cookie]: cookie, [environment.pluginNode]: node } = process.spawn.environment
    if (cookie === undefined || node === undefined) return Effect.succeed(startedByHand)
    // While its event loop is blocked, no handler runs.
    const stoppable = aroundCalls(plugin, (_, handle) => Effect.andThen(unlessStalled(process), handle))
    return Effect.as(
      servePlugin(stoppable, { node: NodeName.make(node), cookie: Cookie.make(cookie), pid: process.pid }),
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

/**
 * Runs `program` after a delay, as a plugin that starts slowly: it answers its
 * handshake that much later. An agent waits 10 s for it by default.
 *
 *     startingAfter("4 seconds", serves(plugin))
 */
export const startingAfter =
  (delay: Duration.Input, program: FakeProgram): FakeProgram =>
  (process) =>
    Effect.delay(program(process), delay)

/** Runs `program`, which these signals do not end. SIGKILL does in any case. */
export const ignoring =
  (signals: ReadonlyArray<Signal>, program: FakeProgram): FakeProgram =>
  (process) =>
    Effect.andThen(Effect.forEach(signals, process.ignore, { discard: true }), program(process))
