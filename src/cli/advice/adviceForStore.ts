/** What a user of the command can do about a state file. */
import type { Store } from "../../agent/index.ts"

const nameAnother = "Name another state file with --state"

/** A sentence, or an empty text. */
export const adviceForStore = (condition: Store.StoreCondition, file: string): string => {
  switch (condition) {
    case "Damaged":
      return `To save what can be read: sqlite3 ${file} .recover | sqlite3 NEW_FILE`
    case "NotWritable":
      return `${nameAnother}; "formae plan" and "formae inventory" need no write access`
    case "NotADatabase":
    case "NotReadable":
    case "Folder":
    case "Foreign":
    case "LaterVersion":
    case "Other":
      return nameAnother
    case "BrokenLink":
      return nameAnother
    case "Changing":
    case "DiskFailed":
    case "DiskFull":
    case "Emptied":
    case "ForeignKey":
    case "LogWithoutFile":
    case "LostWrites":
    case "SeveralNames":
    case "Taken":
      return ""
  }
}
