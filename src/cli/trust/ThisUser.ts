/** Who runs the command, and where this user's own files are. */
import * as Context from "effect/Context"
import { fileUserOf } from "../../agent/store/FileRights.ts"
import { isAbsolutePath, pathDelimiter, within } from "../../platform/paths.ts"
import { isWindows, thisPlatform } from "../../platform/Platform.ts"
import { effectiveUser } from "../../platform/userIds.ts"

/** What a process knows of its user. */
export interface UserFacts {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The effective id. Undefined on a system without such ids. */
  readonly uid: number | undefined
  /** The system, as Node names it. */
  readonly platform: string
}

export interface ThisUser {
  /** Whether a file of this owner is this user's own. For root, that of another user is not; on a system without ids, each is. */
  readonly owns: (uid: number | undefined) => boolean
  /** Whether it is root, who can write in the folders of all others. */
  readonly isRoot: boolean
  /** Whether the modes of files say who may write them. */
  readonly hasModes: boolean
  /** The user's own folder. Undefined where the user has none. */
  readonly home: string | undefined
  /** Where programs keep what they have to remember. Undefined where the user has no such place. */
  readonly stateHome: string | undefined
  /** Where the user's own settings are. Undefined where the user has no such place. */
  readonly configHome: string | undefined
  /** Where programs keep what they have installed for the user. Undefined where the user has no such place. */
  readonly dataHome: string | undefined
  /** The folders that `FORMAE_TRUST` names. */
  readonly trusted: ReadonlyArray<string>
}

export const thisUserOf = ({ environment, platform, uid }: UserFacts): ThisUser => {
  /** The specification of these variables says that a relative path is ignored. */
  const absolute = (path: string | undefined) =>
    path !== undefined && isAbsolutePath(platform, path) ? path : undefined
  const home = absolute(environment["HOME"]) ?? absolute(environment["USERPROFILE"])
  const local = isWindows(platform) ? absolute(environment["LOCALAPPDATA"]) : undefined
  const below = (folder: string) => (home === undefined ? undefined : within(home, folder))
  const user = uid === undefined ? undefined : fileUserOf(uid, environment["SUDO_UID"])
  return {
    owns: (owner) => user === undefined || owner === undefined || user.owners.has(owner),
    isRoot: uid === 0,
    hasModes: !isWindows(platform),
    home,
    stateHome: absolute(environment["XDG_STATE_HOME"]) ?? local ?? below(".local/state"),
    configHome: absolute(environment["XDG_CONFIG_HOME"]) ?? local ?? below(".config"),
    dataHome: absolute(environment["XDG_DATA_HOME"]) ?? local ?? below(".local/share"),
    trusted: (environment["FORMAE_TRUST"] ?? "").split(pathDelimiter(platform)).filter((folder) => folder !== ""),
  }
}

export const ThisUser = Context.Reference<ThisUser>("formae/cli/trust/ThisUser", {
  defaultValue: () => thisUserOf({ environment: process.env, uid: effectiveUser(), platform: thisPlatform }),
})
