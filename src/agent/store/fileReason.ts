/** Why a file cannot be used, in words. */
import type * as Path from "effect/Path"
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"

/** What Node calls the mistakes that Effect has no name for, in words. */
const codeReasons: ReadonlyMap<unknown, string> = new Map([
  ["ENOTDIR", "a part of the path is not a folder"],
  ["ENAMETOOLONG", "the name is too long for this system"],
  ["ELOOP", "it is a link that leads back to itself"],
  ["EROFS", "its file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota of this user is used up"],
])

const codeOf = ({ reason: { cause } }: PlatformError): unknown =>
  Predicate.hasProperty(cause, "code") ? cause.code : undefined

/** Whether the path leads through a file, so that nothing can be there. */
export const leadsThroughFile = (error: PlatformError): boolean => codeOf(error) === "ENOTDIR"

/** Whether nothing can be written there, whatever the rights of this user. */
export const isReadOnlySystem = (error: PlatformError): boolean => codeOf(error) === "EROFS"

/** The reason, without the name of the file. */
export const fileReason = (error: PlatformError): string => {
  const { message, reason } = error
  switch (reason._tag) {
    case "NotFound":
      return "there is no such file"
    case "PermissionDenied":
      return "permission denied"
    default:
      return codeReasons.get(codeOf(error)) ?? reason.description ?? message
  }
}

/** The folder in which a temporary one could not be made: TMPDIR, or the one that the system has. */
export const temporaryFolderIn = (path: Path.Path, { reason }: PlatformError): string =>
  "pathOrDescriptor" in reason && typeof reason.pathOrDescriptor === "string"
    ? path.dirname(reason.pathOrDescriptor)
    : "the folder of TMPDIR"

/** Why nothing can be made in a folder, without the name of the folder. */
export const folderReason = (error: PlatformError): string =>
  error.reason._tag === "NotFound" ? "there is no such folder" : fileReason(error)
