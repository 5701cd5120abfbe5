/** Starts the agent in the background, and waits until it answers. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, fstatSync, openSync, readSync } from "node:fs"
import { Store } from "../../agent/index.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import type { ClusterFlags } from "../cluster/clusterFlags.ts"
import type { AgentFlags } from "../SharedFlags.ts"
import { fileOfState } from "../stateFiles.ts"
import { aboutAgent } from "./aboutAgent.ts"
import { findAgent } from "./findAgent.ts"
import type { ListenFlags } from "./listenFlags.ts"
import { logFileOf, logVariable, openLog } from "./logFile.ts"

/** The flag of the parser itself, which is in no command's flags. */
export const logLevelIn = (typed: ReadonlyArray<string>): ReadonlyArray<string> => {
  const at = typed.findIndex((word) => word === "--log-level" || word.startsWith("--log-level="))
  return at === -1 ? [] : typed.slice(at, typed[at] === "--log-level" ? at + 2 : at + 1)
}

/** The words that start the same agent in the foreground. */
export const wordsOf = ({
  cluster,
  clusterCa,
  clusterCert,
  clusterKey,
  config,
  listen,
  namespaces,
  onlyPlugins,
  plugins,
  state,
  tlsCert,
  tlsKey,
  trust,
}: AgentFlags & ClusterFlags & ListenFlags): ReadonlyArray<string> => {
  const each = (flag: string, values: ReadonlyArray<string>) => values.flatMap((value) => [flag, value])
  return [
    "agent",
    ...each("--state", Option.toArray(state)),
    ...each("--config", Option.toArray(config)),
    ...each("--plugins", plugins),
    ...each("--only-plugins", onlyPlugins),
    ...each("--trust", trust),
    ...each("--listen", Option.toArray(listen)),
    ...each("--tls-cert", Option.toArray(tlsCert)),
    ...each("--tls-key", Option.toArray(tlsKey)),
    ...each("--cluster", Option.toArray(cluster)),
    ...each("--namespaces", Option.toArray(namespaces)),
    ...each("--cluster-cert", Option.toArray(clusterCert)),
    ...each("--cluster-key", Option.toArray(clusterKey)),
    ...each("--cluster-ca", Option.toArray(clusterCa)),
  ]
}

/** How long it may take until it answers: a large state is checked first. */
const startMillis = 60_000

/** The end of what was written after an offset. */
const tailOf = (file: string, from: number): ReadonlyArray<string> => {
  const descriptor = openSync(file, "r")
  try {
    const { size } = fstatSync(descriptor)
    const start = Math.max(from, size - 8_192)
    const bytes = Buffer.alloc(Math.max(size - start, 0))
    readSync(descriptor, bytes, 0, bytes.length, start)
    return bytes
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .slice(-20)
  } finally {
    closeSync(descriptor)
  }
}

const startFailed = (file: string, from: number, { code, why }: Ended) => {
  const lines = [`The agent did not start: ${why}. Its log ${file} says:`, ...tailOf(file, from)]
  const message = lines.join("\n")
  return new CommandFailure({
    exitCode: code === exitCodes.badInput ? exitCodes.badInput : exitCodes.failed,
    message,
    lines,
    error: { code: "AgentNotStarted", message },
  })
}

/** Why it is not there. */
interface Ended {
  readonly why: string
  readonly code?: number | null
}

/** An agent that has started: the socket at which it can be asked, or where it says itself that it listens. */
interface Ready {
  readonly socket?: string | undefined
  readonly listensAt?: string
}

/** What a runner says when it has started. */
const readyIn = (message: unknown): Ready => {
  const listensAt = isRecord(message) ? message["listensAt"] : undefined
  return typeof listensAt === "string" ? { listensAt } : {}
}

/** Starts it with the same words. Gives its pid, its log, and what it says of itself: of a runner only the address at which it listens. */
export const startDetached = Effect.fnUntraced(function* (
  flags: AgentFlags & ClusterFlags & ListenFlags,
  stateFile: string,
) {
  const runner = Option.getOrUndefined(flags.cluster)
  const isRunner = runner !== undefined
  const file = logFileOf(Store.isPostgresUrl(stateFile) ? yield* fileOfState(stateFile) : stateFile, runner)
  const { child, from } = yield* Effect.try({
    try: () => {
      const log = openLog(file)
      try {
        const size = fstatSync(log).size
        const words = [...wordsOf(flags), ...logLevelIn(process.argv.slice(2))]
        return { child: start(words, log, file, isRunner), from: size }
      } finally {
        closeSync(log)
      }
    },
    catch: (error) => {
      const message = `The log of the agent cannot be written: ${String(error)}`
      return new CommandFailure({ exitCode: exitCodes.failed, message, error: { code: "AgentNotStarted", message } })
    },
  })
  const ended = Effect.callback<Ended>((resume) => {
    child.once("error", (error) => resume(Effect.succeed({ why: error.message })))
    child.once("exit", (code, signal) =>
      resume(Effect.succeed({ code, why: `it ended with ${signal ?? `the exit code ${code}`}` })),
    )
  })
  const isReady = Effect.callback<Ready>((resume) => {
    child.once("message", (message) => resume(Effect.succeed(readyIn(message))))
  })
  const answering = findAgent(stateFile).pipe(
    Effect.delay("50 millis"),
    Effect.repeat({ until: (socket) => socket !== undefined }),
    Effect.map((socket): Ready => ({ socket })),
  )
  const { listensAt, socket } = yield* Effect.raceFirst(
    isRunner ? isReady : answering,
    Effect.flatMap(ended, (end) => Effect.fail(startFailed(file, from, end))),
  ).pipe(
    Effect.timeoutOrElse({
      duration: startMillis,
      orElse: () => Effect.fail(startFailed(file, from, { why: `it did not answer within ${startMillis / 1_000} s` })),
    }),
    Effect.ensuring(
      Effect.sync(() => {
        child.unref()
        if (child.connected) child.disconnect()
      }),
    ),
  )
  const about = socket === undefined ? undefined : yield* aboutAgent({ socket })
  return { about, listensAt, log: file, pid: about?.pid ?? child.pid }
})

/** In a session of its own, so that the end of this terminal is not its end. */
const start = (words: ReadonlyArray<string>, log: number, file: string, isRunner: boolean): ChildProcess =>
  spawn(process.execPath, [...process.execArgv, process.argv[1] ?? "", ...words], {
    detached: true,
    stdio: isRunner ? ["ignore", log, log, "ipc"] : ["ignore", log, log],
    env: { ...process.env, [logVariable]: file },
  })
