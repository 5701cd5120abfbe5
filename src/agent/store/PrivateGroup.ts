/**
 * Whether a user is alone in a group. Ubuntu and others give each user such a
 * group, and let it write all that the user makes: each checkout has folders of
 * the mode 775 there, which nobody else can write.
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { groupsFile, usersFile } from "../../platform/systemFiles.ts"
import { UserIds } from "../../platform/userIds.ts"

interface GroupMember {
  readonly uid: number
  readonly gid: number
}

const rowsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> => text.split("\n").map((line) => line.split(":"))

/** `users` and `groups` are the text of /etc/passwd and /etc/group. What they do not name is not known to be alone. */
export const hasGroupAlone = ({ gid, uid }: GroupMember, users: string, groups: string): boolean => {
  if (uid === 0 || gid !== uid) return false
  const inGroup = rowsOf(users).filter(([, , , group]) => Number(group) === gid)
  const named = rowsOf(groups).filter(([, , group]) => Number(group) === gid)
  const [name = "", , id] = inGroup[0] ?? []
  if (inGroup.length !== 1 || named.length !== 1 || Number(id) !== uid) return false
  return (named[0]?.[3] ?? "").split(",").every((member) => member === "" || member === name)
}

/** The group of this process if its user is alone in it. */
export const groupAlone = Effect.fnUntraced(function* (
  fs: FileSystem.FileSystem,
): Effect.fn.Return<number | undefined> {
  const { gid, uid } = yield* UserIds
  if (uid === undefined || gid === undefined) return undefined
  const read = (file: string) => Effect.orElseSucceed(fs.readFileString(file), () => "")
  const isAlone = hasGroupAlone({ uid, gid }, yield* read(usersFile), yield* read(groupsFile))
  return isAlone ? gid : undefined
})
