/** The start of a plugin's process: what belongs to it is guarded, and ended with it. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessHandle, ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import type { LaunchId } from "../../protocol/Identity.ts"
import { GuardProcess } from "./GuardProcess.ts"
import type { Remnants } from "./Remnants.ts"

export interface GuardedSpawn {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** The id in that environment. */
  readonly launch: LaunchId
  /** How its group is ended. */
  readonly signals: { readonly killSignal: NodeJS.Signals; readonly forceKillAfter?: Duration.Input }
}

/** Starts a process in a group of its own, which is guarded from before its start until nothing of the launch is left. */
export const spawnGuarded = Effect.fnUntraced(function* (
  { args, command, environment, launch, signals }: GuardedSpawn,
  remnants: Remnants,
): Effect.fn.Return<ChildProcessHandle, PlatformError.PlatformError, ChildProcessSpawner | GuardProcess | Scope.Scope> {
  const guard = yield* GuardProcess
  let group: number | undefined
  // Added first, so that it runs last: the guard releases only what is gone.
  yield* Effect.addFinalizer(() => Effect.andThen(remnants.end, guard.release(launch, group)))
  yield* guard.guard(launch)
  const handle = yield* ChildProcess.make(command, [...args], { env: environment, extendEnv: false, ...signals })
  group = handle.pid
  yield* guard.guard(launch, group)
  // It runs just before the group is signalled.
  yield* Effect.addFinalizer(() => remnants.terminate(handle.pid))
  return handle
})
