/** What is said of a file that another user could have written, or read. */
import { faultOf, type FilePurpose, type FileUser, formatMode, type Rights } from "./FileRights.ts"
import type { Trouble } from "./FileTrouble.ts"

/** A file that formae relies on. */
export interface Relied {
  readonly path: string
  readonly purpose: FilePurpose
  /** What it is to the state, in a sentence about the state. */
  readonly what: string
}

/** `owner` and `own` are ids of users. */
const foreignOwner = (what: string, path: string, owner: number, own: number): Trouble => ({
  condition: "ForeignOwner",
  reason: `${what} belongs to another user (uid ${owner})`,
  remedy: `Run formae as that user, or, if you know what is in it, make it yours: chown ${own} ${path}`,
})

/** `isOwn`: whether it belongs to this user, who can then change its mode. */
const wideMode = (what: string, path: string, purpose: FilePurpose, mode: number, isOwn: boolean): Trouble => ({
  condition: "WideMode",
  reason: `other users can ${purpose === "secret" ? "read or write" : "write to"} ${what} (mode ${formatMode(mode)})`,
  remedy: !isOwn
    ? "Choose a folder for the state file that only this user can write to"
    : purpose === "secret"
      ? `Keep it to yourself: chmod 600 ${path}. Anybody who has read it can open the secrets in the state`
      : `If nobody else has changed it, close it: chmod ${purpose === "folder" ? "go-w" : "600"} ${path}`,
})

/** The trouble with the rights of a file. Undefined where nothing is wrong. */
export const rightsTroubleOf = (user: FileUser, { path, purpose, what }: Relied, rights: Rights) => {
  const fault = faultOf(user, purpose, rights)
  if (fault === undefined) return undefined
  return fault === "foreign"
    ? foreignOwner(what, path, rights.uid, user.uid)
    : wideMode(what, path, purpose, rights.mode, user.owners.has(rights.uid))
}
