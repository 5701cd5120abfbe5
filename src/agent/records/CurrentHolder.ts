/** Under which holding the fiber that runs now writes, where several agents share one state. */
import * as Context from "effect/Context"

/** The part of a shared state that belongs to a forma. */
export const partOfForma = (forma: string): string => `forma ${forma}`

/** The part of a shared state that a task writes which is for no forma, such as the sync. */
export const partOfTask = (task: string): string => `task ${task}`

/** The part of a shared state that is a runner's own. */
export const partOfRunner = (runner: string): string => `runner ${runner}`

/** The part of a shared state that belongs to the commands of a runner that are for no forma, such as an import. */
export const partOfCommands = (runner: string): string => `commands of ${runner}`

/** A holding of a part of a shared state. */
export interface Holder {
  /** What is held: a part, as `partOfForma`, `partOfTask`, `partOfRunner` and `partOfCommands` name it. */
  readonly name: string
  /** Grows with each holder of this name. */
  readonly epoch: number
  /** In milliseconds since 1970. */
  readonly since: number
  /** Whether the holder before did not give it back, so that it is not known when it ended. */
  readonly takenOver: boolean
}

/**
 * The holding under which this fiber writes. The fibers of a command inherit
 * it. Undefined is the holding of the runner itself. Read only where several
 * agents share one state: `StateOwnership.layer` has one holder for all of it.
 */
export const CurrentHolder = Context.Reference<Holder | undefined>("formae/agent/records/CurrentHolder", {
  defaultValue: () => undefined,
})
