/** Which processes of plugins have lost their agent. Pure. */

/** A process with the marks that a launch leaves in the environment of all that it starts. */
export interface MarkedProcess {
  readonly pid: number
  readonly parent: number
  /** The id of its launch. */
  readonly launch: string
  /** The node name of the plugin. */
  readonly plugin: string
  /** The file that it runs. Undefined where the system does not tell. */
  readonly program: string | undefined
}

/** The process that takes over those whose parent has ended. */
const firstProcess = 1

/**
 * A plugin runs the Node of its agent, so its launch has an agent if the parent
 * of one of its processes is none of them and runs the same program. A process
 * that takes over what is left, such as the first one of the system, is another
 * program. `programOf` gives what a process runs, as far as the system tells; a
 * parent of which it does not tell counts as an agent.
 */
export const orphansIn = (
  marked: ReadonlyArray<MarkedProcess>,
  programOf: (pid: number) => string | undefined,
): ReadonlyArray<MarkedProcess> => {
  const launches = Map.groupBy(marked, ({ launch }) => launch)
  const hasAgent = (processes: ReadonlyArray<MarkedProcess>): boolean =>
    processes.some(({ parent, program }) => {
      if (processes.some(({ pid }) => pid === parent)) return false
      const above = programOf(parent)
      return above === undefined ? parent !== firstProcess : above === program
    })
  return [...launches.values()].filter((processes) => !hasAgent(processes)).flat()
}
