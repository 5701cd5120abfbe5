/** The name of the user that this process runs as, for people. */
import { userInfo } from "node:os"
import { effectiveUser } from "./userIds.ts"

/** A container may run as an id that has no name. `read` throws then. */
export const userName = (
  read: () => string = () => userInfo().username,
  uid: number | undefined = effectiveUser(),
): string => {
  try {
    return read()
  } catch {
    return uid === undefined ? "unknown" : `uid ${uid}`
  }
}
