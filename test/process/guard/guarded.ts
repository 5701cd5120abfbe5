/** Starts an agent with a plugin of the museum, and finds its guard. */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { childrenThatRun } from "../processState.ts"

const host = fileURLToPath(new URL("./guardedAgent.ts", import.meta.url))

/** What only the command line of a guard has. */
const inScript = "guarded="

/** The script of a shell that opens a file at these descriptors, and becomes the program of its arguments. */
const opening = (descriptors: ReadonlyArray<number>) =>
  `exec "$@" ${descriptors.map((descriptor) => `${descriptor}<"$0"`).join(" ")}`

interface Opened {
  readonly file: string
  readonly descriptors: ReadonlyArray<number>
}

/** `opened` says what the agent inherits. */
export const startGuarded = Effect.fnUntraced(function* (exhibit: string, nativeId = "any", opened?: Opened) {
  const program = [process.execPath, "--conditions=formae-source", host, exhibit, nativeId]
  const [command, ...args] =
    opened === undefined ? program : ["bash", "-c", opening(opened.descriptors), opened.file, ...program]
  const agent = yield* ChildProcess.make(command!, args, {
    extendEnv: true,
    killSignal: "SIGKILL",
  })
  const logged = yield* Queue.unbounded<string>()
  yield* agent.stderr.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.runForEach((line) => Queue.offer(logged, line)),
    Effect.forkScoped,
  )
  const line = yield* agent.stdout.pipe(Stream.decodeText, Stream.splitLines, Stream.runHead)
  const { plugin, Pid } = JSON.parse(yield* Effect.fromOption(line)) as { plugin: number; Pid?: number }
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      // Whatever a test has found, nothing is left.
      for (const pid of [plugin, Pid]) {
        try {
          if (pid !== undefined) process.kill(pid, "SIGKILL")
        } catch {
          // It is gone.
        }
      }
    }),
  )
  return {
    agent: Number(agent.pid),
    plugin,
    /** What the plugin has started. */
    grandchild: Pid ?? 0,
    guards: () => childrenThatRun(inScript, agent.pid),
    /** The first line of the log with this text. */
    logs: (text: string) => Effect.repeat(Queue.take(logged), { until: (one) => one.includes(text) }),
    kill: Effect.sync(() => process.kill(agent.pid, "SIGKILL")),
  }
})
