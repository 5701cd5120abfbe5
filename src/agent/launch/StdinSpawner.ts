/**
 * Starts processes whose stdin can be written without a sink, which takes a fiber
 * and several turns for each write. Effect's handle of a process has nothing
 * else; this can go once it gives the stream itself.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { ChildProcessSpawner, make } from "effect/process/ChildProcessSpawner"
import { watchSpawned } from "../../platform/spawnedProcesses.ts"
import { keepStdin } from "../../transport/ChildStdio.ts"

/** Replaces the spawner. What it does not find is written by the sink. */
export const layerStdinSpawner: Layer.Layer<ChildProcessSpawner, never, ChildProcessSpawner> = Layer.effect(
  ChildProcessSpawner,
  Effect.map(ChildProcessSpawner, (spawner) =>
    make((command) =>
      Effect.suspend(() => {
        const spawned = watchSpawned()
        return spawner.spawn(command).pipe(
          Effect.tap((handle) => Effect.sync(() => keepStdin(handle, spawned.stdinOf(handle.pid)))),
          Effect.ensuring(Effect.sync(spawned.stop)),
        )
      }),
    ),
  ),
)
