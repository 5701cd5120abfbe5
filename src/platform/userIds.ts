/** The ids of the user that this process runs as. */
import * as Context from "effect/Context"

/** Undefined on Windows, where users have none. */
export interface UserIds {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** For what runs without services. */
export const effectiveUser = (): number | undefined => process.geteuid?.()

/** The effective ids. */
export const UserIds = Context.Reference<UserIds>("formae/platform/UserIds", {
  defaultValue: () => ({ uid: effectiveUser(), gid: process.getegid?.() }),
})
