/** How a plugin's process ended, and when. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ChildProcessHandle } from "effect/process/ChildProcessSpawner"

export interface RawExit {
  readonly code: number | null
  readonly signal: string | null
  /** In milliseconds since the epoch. */
  readonly at: number
}

/** Waits for the end of a process. Only the text of the error names the signal that ended it. */
export const awaitExit = ({ exitCode }: ChildProcessHandle): Effect.Effect<RawExit> =>
  exitCode.pipe(
    Effect.map((code) => ({ code: Number(code), signal: null })),
    Effect.catch((error) =>
      Effect.succeed({
        code: null,
        signal: /SIG[A-Z0-9]+/.exec(String(error.cause ?? error.message))?.[0] ?? "a signal",
      }),
    ),
    Effect.flatMap((how) => Effect.map(Clock.currentTimeMillis, (at) => ({ ...how, at }))),
  )

export const describeExit = ({ code, signal }: Pick<RawExit, "code" | "signal">): string =>
  signal === null ? `exited with code ${code}` : `was ended by ${signal}`
