/** Processes that do nothing, each in a group of its own. They end with the test. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { spawn } from "node:child_process"

type Variables = Readonly<Record<string, string>>

/** Starts a program with these variables and no others. */
export const started = (
  program: string,
  args: ReadonlyArray<string>,
  env: Variables,
): Effect.Effect<number, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => spawn(program, args, { env, detached: true, stdio: "ignore" })),
      (child) => Effect.sync(() => child.kill("SIGKILL")),
    ),
    ({ pid }) => pid!,
  )

export const sleeper = (env: Variables) => started("/bin/sleep", ["1000"], env)
