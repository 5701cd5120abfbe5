/** What a user of the command can do about a state file. */
import { Store } from "../../agent/index.ts"
import { shellWord } from "./shellWord.ts"

const nameAnother = "Or name another state file with --state"

/** A sentence that follows the general remedy in the message of the error, or an empty text. */
export const adviceForStore = (condition: Store.StoreCondition, file: string): string => {
  if (Store.isPostgresUrl(file)) return ""
  switch (condition) {
    case "Damaged":
      return `To save what can be read: sqlite3 ${shellWord(file)} .recover | sqlite3 NEW_FILE`
    case "NotWritable":
      return `${nameAnother}; "formae plan" and "formae inventory" need no write access`
    case "NotADatabase":
    case "NotReadable":
    case "Folder":
    case "Foreign":
    case "ForeignOwner":
    case "WideMode":
    case "Other":
    case "UnfitFileSystem":
    case "BrokenLink":
      return nameAnother
    case "Changing":
    case "DiskFailed":
    case "DiskFull":
    case "Emptied":
    case "ForeignKey":
    // Upgrading is the only thing that helps, and the message says so.
    case "LaterVersion":
    case "LogWithoutFile":
    case "LostWrites":
    case "NoPlaceForCopy":
    case "NoSessions":
    case "SeveralNames":
    case "Taken":
    case "Unreachable":
      return ""
  }
}
