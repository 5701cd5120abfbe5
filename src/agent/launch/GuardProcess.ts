/**
 * One guard for all plugins of an agent: a POSIX shell that reads the process
 * groups it guards from a pipe, and kills what is left of them when the pipe
 * ends. An agent that is killed cannot clean up, and a plugin with a blocked
 * event loop does not notice that its stdin has ended. The guard covers both.
 *
 * It is in a session of its own, so that what ends the agent does not end it.
 */
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ChildProcess from "effect/process/ChildProcess"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** How long a plugin may take to leave by itself. With this it is gone within a second. */
const graceSeconds = 0.7

const script = `
groups=" "
while read -r verb group; do
  case "$verb" in
    add) groups="$groups$group " ;;
    del)
      case "$groups" in
        *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;;
      esac ;;
  esac
done
[ "$groups" = " " ] && exit 0
sleep ${graceSeconds} 2>/dev/null || sleep 1
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
exit 0
`

/** Kills the process groups of plugins that outlive their agent, within a second of its death. Never fails. */
export class GuardProcess extends Context.Service<
  GuardProcess,
  {
    /** Guards the process group that `pid` leads, until it is released. */
    readonly guard: (pid: number) => Effect.Effect<void>
    /** Stops guarding a group that is gone. Its number may soon belong to another. */
    readonly release: (pid: number) => Effect.Effect<void>
  }
>()("formae/agent/launch/GuardProcess") {
  /** Guards nothing: for plugins that are not processes, and for systems without a POSIX shell. */
  static readonly layerNone = Layer.succeed(
    GuardProcess,
    GuardProcess.of({ guard: () => Effect.void, release: () => Effect.void }),
  )

  /** The shell, which starts with the first plugin and ends with the layer. Without a shell, plugins are not guarded. */
  static readonly layerShell: Layer.Layer<GuardProcess, never, ChildProcessSpawner> = Layer.effect(
    GuardProcess,
    Effect.gen(function* () {
      const context = yield* Effect.context<ChildProcessSpawner | Scope.Scope>()
      const lines = yield* Queue.unbounded<string, Cause.Done>()
      const encoder = new TextEncoder()
      const started = yield* ChildProcess.make("/bin/sh", ["-c", script], {
        stdin: Stream.fromQueue(lines).pipe(Stream.map((line) => encoder.encode(`${line}\n`))),
        stdout: "ignore",
        stderr: "ignore",
        extendEnv: false,
        env: { PATH: "/usr/bin:/bin" },
        forceKillAfter: "2 seconds",
      }).pipe(
        // It leaves by itself when its pipe ends and no group is left, so it need not be signalled.
        Effect.tap((shell) =>
          Effect.addFinalizer(() =>
            Effect.andThen(Queue.end(lines), Effect.timeoutOption(Effect.exit(shell.exitCode), "1 second")),
          ),
        ),
        Effect.catch(() =>
          Effect.logWarning(
            "There is no /bin/sh: plugins with a blocked event loop outlive this process if it is killed",
          ),
        ),
        Effect.provide(context),
        Effect.cached,
      )
      return GuardProcess.of({
        guard: (pid) => Effect.andThen(started, Effect.asVoid(Queue.offer(lines, `add ${pid}`))),
        release: (pid) => Effect.asVoid(Queue.offer(lines, `del ${pid}`)),
      })
    }),
  )
}
