/** The processes that Node starts, seen from beside the code that starts them: Node tells of each on a channel. */

/** Where the bytes go that a process reads. */
export interface ProcessInput {
  /** Writes a text after those that it was given before, and says when it is written or why it cannot be. */
  readonly write: (text: string, done: (error?: Error | null) => void) => unknown
  readonly end: () => unknown
}

interface Spawned {
  /** It has none when Node tells of it, and none for good if it could not be started. */
  readonly pid?: number
  readonly stdin: ProcessInput | null
}

/** https://nodejs.org/api/diagnostics_channel.html#child-process */
const channel = "child_process"

/** Collects the processes that are started until it is stopped. */
export interface SpawnedProcesses {
  /** The stdin of the one with this id. Undefined where there is none. */
  readonly stdinOf: (pid: number) => ProcessInput | undefined
  readonly stop: () => void
}

export const watchSpawned = (): SpawnedProcesses => {
  const { subscribe, unsubscribe } = process.getBuiltinModule("node:diagnostics_channel")
  const spawned: Array<Spawned> = []
  const onSpawn = (message: unknown): void => {
    spawned.push((message as { readonly process: Spawned }).process)
  }
  subscribe(channel, onSpawn)
  return {
    stdinOf: (pid) => spawned.find((child) => child.pid === pid)?.stdin ?? undefined,
    stop: () => void unsubscribe(channel, onSpawn),
  }
}
