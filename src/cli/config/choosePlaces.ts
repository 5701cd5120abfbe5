/** Which folder a command works in, and which configuration file it reads. Pure. */

/** The names that a configuration file can have. */
export const configurationFiles = ["formae.config.yaml", "formae.config.yml", "formae.config.json"] as const

/** A folder on the way from the current one to the root, and what of this user is in it. */
export interface Level {
  readonly folder: string
  /** The file system that it is on. */
  readonly device: number
  readonly isHome: boolean
  /** Whether it has a `.formae`. */
  readonly hasFormae: boolean
  /** The names of its configuration files. */
  readonly configurations: ReadonlyArray<string>
}

export interface ChosenPlaces {
  /** The folder whose `.formae` is used, or made. */
  readonly folder: string
  /** The folder with the configuration file, and the names of all that it has. Undefined where there is none. */
  readonly configured: Pick<Level, "folder" | "configurations"> | undefined
}

/**
 * `levels` begins with the current folder. The search ends where another file
 * system begins, and below the home folder, unless that is the current one.
 */
export const choosePlaces = (levels: readonly [Level, ...ReadonlyArray<Level>]): ChosenPlaces => {
  const [here] = levels
  const end = levels.findIndex(({ device, isHome }, index) => index > 0 && (isHome || device !== here.device))
  const reached = end === -1 ? levels : levels.slice(0, end)
  const configured = reached.find(({ configurations }) => configurations.length > 0)
  // A project begins at its configuration: what is above belongs to something else.
  const project = configured === undefined ? reached : reached.slice(0, reached.indexOf(configured) + 1)
  const used = project.find(({ hasFormae }) => hasFormae) ?? configured ?? here
  return { folder: used.folder, configured }
}
