/**
 * Starts processes whose group counts as gone when nothing but zombies is left
 * in it. A zombie answers signals, so the spawner of Effect waits for it as for
 * a process that lives. Where this process is the first one of a container, an
 * orphan of a plugin stays a zombie for good: orphans become children of the
 * first process, and Node collects only those that it has started.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import { type ChildProcessHandle, ChildProcessSpawner, make, makeHandle } from "effect/process/ChildProcessSpawner"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { ProcFiles } from "../../platform/ProcFiles.ts"
import { proc as systemProc } from "../../platform/systemFiles.ts"
import { readProcesses } from "./ProcessTable.ts"

/** How often it is looked whether a group whose leader has ended has living members. */
const lookEvery = "50 millis"

/** Replaces the spawner. Reads `/proc`, or a folder in its place; where there is none, the spawner is left as it is. */
export const layerGroupSpawner = (proc = systemProc): Layer.Layer<ChildProcessSpawner, never, ChildProcessSpawner> =>
  Layer.effect(
    ChildProcessSpawner,
    Effect.gen(function* () {
      const spawner = yield* ChildProcessSpawner
      const files = yield* ProcFiles
      /** Whether members of the group are seen, and all of them are dead. */
      const isDead = (leader: number) =>
        Effect.map(readProcesses(files, proc), (processes) => {
          const members = processes.filter(({ group }) => group === leader)
          return members.length > 0 && members.every((member) => member.isDead)
        })
      const untilDead = ({ exitCode, pid }: ChildProcessHandle) =>
        Effect.exit(exitCode).pipe(
          Effect.andThen(Effect.repeat(isDead(pid), { until: (dead) => dead, schedule: Schedule.spaced(lookEvery) })),
          Effect.asVoid,
        )
      /** Ends a group as `ending` does, which waits until no member answers: not longer than one lives. */
      const unlessDead = <E>(handle: ChildProcessHandle, ending: Effect.Effect<void, E>) =>
        Effect.raceFirst(Effect.interruptible(ending), Effect.interruptible(untilDead(handle)))
      return make((command) => {
        if (command._tag !== "StandardCommand") return spawner.spawn(command)
        let started: ChildProcessHandle | undefined
        return Effect.gen(function* () {
          // A scope of its own: closing it would wait for zombies, and a wait in a closing scope cannot be cut short.
          const own = yield* Effect.acquireRelease(
            Scope.make(),
            Effect.fnUntraced(function* (scope, exit) {
              if (started !== undefined) yield* Effect.ignore(unlessDead(started, started.kill(command.options)))
              yield* Effect.forkDetach(Scope.close(scope, exit), { startImmediately: true })
            }),
          )
          const handle = yield* Scope.provide(spawner.spawn(endedBefore(command)), own)
          started = handle
          return makeHandle({ ...handle, kill: (options) => unlessDead(handle, handle.kill(options)) })
        })
      })
    }),
  )

/** The command for a spawner whose scope closes when the group has been ended. */
const endedBefore = ({ args, command, options }: ChildProcess.StandardCommand): ChildProcess.Command =>
  ChildProcess.make(command, args, { ...options, forceKillAfter: 0 })
