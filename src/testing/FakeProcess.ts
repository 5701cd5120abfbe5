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

/** How a process ended, as Node reports it: one of the two is null. */
export type FakeEnd =
  | { readonly code: number; readonly signal: null }
  | { readonly code: null; readonly signal: Signal }

/** What a process was sent by its parent: the end of its stdin, or a signal. */
export type FakeNotice = "EOF" | Signal

/** The controls of a process in memory, for the test that has started it. */
export interface FakeProcess {
  readonly pid: number
  readonly spawn: FakeSpawn
  /** Ends the process at once, as `process.exit` does. Only the first end counts. */
  readonly exit: (code: number) => Effect.Effect<void>
  /** The same, but its pipes do not close, as if a child of it lived on and held them. */
  readonly exitHoldingPipes: (code: number) => Effect.Effect<void>
  /** Sends it a signal. SIGKILL cannot be ignored. */
  readonly signal: (signal: Signal) => Effect.Effect<void>
  /** From now on this signal does not end the process. */
  readonly ignore: (signal: Signal) => Effect.Effect<void>
  /** Writes to stdout directly, as native code does, although the SDK has sealed it. */
  readonly print: (output: string | Uint8Array) => Effect.Effect<void>
  /** Writes to stderr. */
  readonly printError: (output: string | Uint8Array) => Effect.Effect<void>
  /** What it was sent so far, in order. */
  readonly notices: Effect.Effect<ReadonlyArray<FakeNotice>>
  readonly isRunning: Effect.Effect<boolean>
  /** Completes when the process has ended. */
  readonly ended: Effect.Effect<FakeEnd>
}
