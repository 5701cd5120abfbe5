/** A process in memory, in the hands of whoever tests with it. */
import type * as Effect from "effect/Effect"
import type { Signal } from "effect/process/ChildProcess"

/** How a process was started. */
export interface FakeSpawn {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** 1 for the first process of this command and these arguments, and so on. */
  readonly number: number
}

/** How a process ended, as Node tells it: one of the two is null. */
export type FakeEnd =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: Signal }

/** What a process was told by whoever started it. */
export type FakeNotice = "EOF" | Signal

export interface FakeProcess {
  readonly pid: number
  readonly spawn: FakeSpawn
  /** Ends the process at once, as `process.exit` does. */
  readonly exit: (code: number) => Effect.Effect<void>
  /** The same, while a child of it lives on and holds its pipes: they do not close. */
  readonly exitHoldingPipes: (code: number) => Effect.Effect<void>
  /** A signal from outside. SIGKILL can not be ignored. */
  readonly signal: (signal: Signal) => Effect.Effect<void>
  /** From now on the process lives on when it gets this signal. */
  readonly ignore: (signal: Signal) => Effect.Effect<void>
  /** Writes to stdout past any seal, as native code does. */
  readonly print: (output: string | Uint8Array) => Effect.Effect<void>
  readonly printError: (output: string | Uint8Array) => Effect.Effect<void>
  /** In the order in which they came: the end of stdin, and signals. */
  readonly notices: Effect.Effect<ReadonlyArray<FakeNotice>>
  readonly isRunning: Effect.Effect<boolean>
  readonly ended: Effect.Effect<FakeEnd>
}
