/** What a command ends with where what a folder supplies is not used. Nothing was done then. */
import type * as Schema from "effect/Schema"
import { adviceForTrust } from "../advice/adviceForTrust.ts"
import { withAdvice } from "../advice/withAdvice.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import type { FolderNotTrusted, TrustError } from "./TrustError.ts"

const nothing = "Nothing was started, and nothing was changed"

const messageOf = (error: TrustError): string => {
  switch (error._tag) {
    case "FolderNotTrusted":
      return error.isDeclined
        ? `The folder ${error.folder} is not trusted, because you did not say yes. ${nothing}`
        : `The folder ${error.folder} is not trusted, and supplies what this command would use. ${nothing}`
    case "NotOwned":
      return `${error.path} belongs to another user (uid ${error.uid}), and so it is not used. ${nothing}`
    case "NotSummed":
      return `formae cannot tell whether ${error.path} changes later: ${error.reason}. ${nothing}`
    case "TrustUnusable":
      return `What you trust cannot be looked up or remembered: ${error.reason}. ${nothing}. ${error.remedy}`
  }
}

const factsOf = (error: TrustError): Schema.JsonObject => {
  switch (error._tag) {
    case "FolderNotTrusted":
      return {
        folder: error.folder,
        supplies: error.supplies.map(({ kind, path, standing }) => ({
          kind,
          path,
          standing: standing._tag === "Changed" ? "changed" : "new",
          ...(standing._tag === "Changed" ? { changed: standing.changed } : {}),
        })),
      }
    case "NotOwned":
      return { path: error.path, uid: error.uid }
    case "NotSummed":
      return { path: error.path }
    case "TrustUnusable":
      return {}
  }
}

/** The one who said no has read what the folder supplies. */
const linesOf = (error: FolderNotTrusted, message: string): ReadonlyArray<string> =>
  error.isDeclined ? [message] : [message, ...error.lines, adviceForTrust(error)]

export const trustFailure = (error: TrustError): CommandFailure => {
  const message = messageOf(error)
  return new CommandFailure({
    exitCode: exitCodes.badInput,
    message: withAdvice(message, adviceForTrust(error)),
    ...(error._tag === "FolderNotTrusted" ? { lines: linesOf(error, message) } : {}),
    error: { code: error._tag, message, facts: factsOf(error) },
  })
}
