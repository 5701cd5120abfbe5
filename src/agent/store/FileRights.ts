/**
 * Who else could have written a file that formae relies on, or read one that is
 * secret. What belongs to another user is not used, as Git does not use the
 * repository of another user: its writer decides what is done with the
 * credentials of this one.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { UserIds } from "../../platform/userIds.ts"
import { groupAlone } from "./PrivateGroup.ts"

/** The owner of a file, its group where it is known, and its mode. */
export interface Rights {
  readonly uid: number
  readonly gid?: number
  readonly mode: number
}

/** The user of this process. */
export interface FileUser {
  readonly uid: number
  /** Those whose files are used: the user, and for root under sudo the one who called it. */
  readonly owners: ReadonlySet<number>
  /** A group that has nobody else in it. */
  readonly groupAlone?: number
}

const root = 0

/** `sudoUid` is the variable SUDO_UID. Anybody can set it, so only root looks at it. */
export const fileUserOf = (uid: number, sudoUid: string | undefined): FileUser => ({
  uid,
  owners: new Set(uid === root && sudoUid !== undefined && /^\d+$/.test(sudoUid) ? [uid, Number(sudoUid)] : [uid]),
})

/** The user of this process. Undefined on Windows, where files have no modes and no owners that Node knows. */
export const currentFileUser = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
): Effect.fn.Return<FileUser | undefined> {
  const { uid } = yield* UserIds
  if (uid === undefined) return undefined
  const group = yield* groupAlone(fs)
  return { ...fileUserOf(uid, process.env["SUDO_UID"]), ...(group === undefined ? {} : { groupAlone: group }) }
})

/** What a file is for. Nobody else may write any of them, nor read a `secret` one. */
export type FilePurpose = "content" | "folder" | "secret"

/** What others have and must not have, to a file for each purpose. */
const forbidden = { content: 0o022, folder: 0o022, secret: 0o066 } as const

/** What the group of a file may do. */
const ofGroup = 0o070

/** Why a file cannot be relied on. */
export type RightsFault = "foreign" | "wide"

/** Root may do anything anyway, so a folder may be its: in `/var/lib` a state of this user is safe. */
const mayOwn = (user: FileUser, purpose: FilePurpose, uid: number): boolean =>
  user.owners.has(uid) || (purpose === "folder" && uid === root)

/** What is wrong with the rights of a file. Undefined where nothing is. */
export const faultOf = (user: FileUser, purpose: FilePurpose, rights: Rights): RightsFault | undefined => {
  const { gid, mode, uid } = rights
  if (!mayOwn(user, purpose, uid)) return "foreign"
  // A key is made for the user alone, so that any other mode of it was chosen.
  const isAlone = purpose !== "secret" && gid !== undefined && gid === user.groupAlone
  return (mode & forbidden[purpose] & (isAlone ? ~ofGroup : -1)) === 0 ? undefined : "wide"
}

/** A mode as chmod takes it, such as 644. */
export const formatMode = (mode: number): string => (mode & 0o7777).toString(8)
