import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { badArgument } from "effect/PlatformError"
import type { Command } from "effect/process/ChildProcess"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import * as Queue from "effect/Queue"
import * as Redacted from "effect/Redacted"
import type { FakeProcess, FakeSpawn } from "./FakeProcess.ts"
import type { FakeProgram } from "./FakeProgram.ts"
import { makeCounter } from "./makeCounter.ts"
import { startFakeProcess } from "./startFakeProcess.ts"

const firstPid = 1001

/**
 * A ChildProcessSpawner whose processes are in memory: supervision can be tested
 * to the millisecond, without a process and under a test clock.
 */
export class FakeSpawner extends Context.Service<
  FakeSpawner,
  {
    /** The controls of each process, as soon as it has started. */
    readonly spawns: Queue.Dequeue<FakeProcess>
  }
>()("formae/testing/FakeSpawner") {
  /** Both services. `programOf` says what each process runs. A pipe of commands fails with a `PlatformError`. */
  static readonly layer = (
    programOf: (spawn: FakeSpawn) => FakeProgram,
  ): Layer.Layer<FakeSpawner | ChildProcessSpawner> =>
    Layer.effectContext(
      Effect.gen(function* () {
        const scope = yield* Effect.scope
        const spawns = yield* Queue.unbounded<FakeProcess>()
        const countSpawn = makeCounter()
        /** By command and arguments: what their processes count. */
        const counters = new Map<string, (name: string) => number>()
        let nextPid = firstPid

        const spawn = Effect.fnUntraced(function* (command: Command) {
          if (command._tag !== "StandardCommand") {
            return yield* badArgument({ module: "FakeSpawner", method: "spawn", description: "Pipes are not faked" })
          }
          const args = command.args.map(plain)
          const line = [command.command, ...args].join(" ")
          const countInAll = counters.get(line) ?? makeCounter()
          counters.set(line, countInAll)
          const started: FakeSpawn = {
            command: command.command,
            args,
            environment: plainValues(command.options.env),
            number: countSpawn(line),
          }
          const { handle } = yield* Effect.acquireRelease(
            startFakeProcess({ pid: nextPid++, spawn: started, program: programOf(started), countInAll, scope }).pipe(
              Effect.tap(({ process }) => Queue.offer(spawns, process)),
            ),
            ({ handle: { kill }, process }) =>
              Effect.flatMap(process.isRunning, (running) =>
                running ? Effect.ignore(kill(command.options)) : Effect.void,
              ),
          )
          return handle
        })

        return Context.make(FakeSpawner, FakeSpawner.of({ spawns })).pipe(Context.add(ChildProcessSpawner, make(spawn)))
      }),
    )
}

const plain = (value: string | Redacted.Redacted<string>): string =>
  Redacted.isRedacted(value) ? Redacted.value(value) : value

const plainValues = (
  values: Readonly<Record<string, string | Redacted.Redacted<string> | undefined>> = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, plain(value)]])),
  )
