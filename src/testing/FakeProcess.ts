import * as Effect from "effect/Effect"
import type { Signal } from "effect/process/ChildProcess"

/** How a process was started. */
export interface FakeSpawn {
  /** The program. */
  readonly command: string
  /** Its arguments. */
  readonly args: ReadonlyArray<string>
  /** Its environment variables. */
  readonly environment: Readonly<Record<string, string>>
  /** 1 for the first process of this command and these arguments, and so on. */
  readonly number: number
}

/** A process exited. */
export interface FakeExit {
  /** The exit code. */
  readonly code: number
  /** Null: no signal ended it. */
  readonly signal: null
}

/** A signal ended a process. */
export interface FakeKill {
  /** Null: it did not exit. */
  readonly code: null
  /** The signal that ended it. */
  readonly signal: Signal
}

/** How a process ended, as Node reports it: it exited, or a signal ended it. */
export type FakeEnd = FakeExit | FakeKill

/** How often something has happened: 1 for the first time. */
export interface FakeCount {
  /** In this process. */
  readonly inProcess: number
  /** In all processes of the same command and arguments, this one included. */
  readonly inAll: number
}

/** What a process was sent by its parent: the end of its stdin, or a signal. */
export type FakeNotice = "EOF" | Signal

/** A process in memory, with the controls that a test has over it. */
export interface FakeProcess {
  /** Its process id: no such process exists on the machine. */
  readonly pid: number
  /** How it was started. */
  readonly spawn: FakeSpawn
  /** Ends the process at once, as `process.exit` does. Only the first end counts. */
  readonly exit: (code: number) => Effect.Effect<void>
  /** The same, but its pipes stay open, as if a child of the process still held them. */
  readonly exitHoldingPipes: (code: number) => Effect.Effect<void>
  /** Sends it a signal. SIGKILL cannot be ignored. */
  readonly signal: (signal: Signal) => Effect.Effect<void>
  /** From now on this signal does not end the process. */
  readonly ignore: (signal: Signal) => Effect.Effect<void>
  /**
   * Blocks its event loop for good: from now on it reads and writes nothing, no
   * timer fires, no handler of its plugin is called, and SIGTERM does not end it.
   */
  readonly stall: Effect.Effect<void>
  /** Whether its event loop is blocked. */
  readonly isStalled: Effect.Effect<boolean>
  /** Counts something by its name, for the program that runs in the process. */
  readonly count: (name: string) => Effect.Effect<FakeCount>
  /** Writes to stdout directly, as native code does, although the SDK has sealed it. */
  readonly print: (output: string | Uint8Array) => Effect.Effect<void>
  /** Writes to stderr. */
  readonly printError: (output: string | Uint8Array) => Effect.Effect<void>
  /** What it was sent so far, in order. */
  readonly notices: Effect.Effect<ReadonlyArray<FakeNotice>>
  /** Whether it has not ended yet. */
  readonly isRunning: Effect.Effect<boolean>
  /** Completes when the process has ended. */
  readonly ended: Effect.Effect<FakeEnd>
}

/** Completes at once, and never once the process has stalled. */
export const unlessStalled = ({ isStalled }: Pick<FakeProcess, "isStalled">): Effect.Effect<void> =>
  Effect.flatMap(isStalled, (stalled) => (stalled ? Effect.never : Effect.void))
