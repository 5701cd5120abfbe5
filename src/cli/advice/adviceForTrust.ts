/** What a user of the command can do where what a folder supplies is not used. */
import type { TrustError } from "../trust/TrustError.ts"
import { piped } from "../trust/documentSupply.ts"
import { shellWord } from "./shellWord.ts"

/** How to use a state that could not be remembered as one's own. */
export const adviceForUnknownState = (folder: string): string =>
  `The next command will ask for it; "formae trust ${shellWord(folder)}" remembers it`

/** A sentence, or an empty text. */
export const adviceForTrust = (error: TrustError): string => {
  switch (error._tag) {
    case "FolderNotTrusted": {
      const folder = shellWord(error.folder)
      if (error.isDeclined) return ""
      // A document on stdin has no place by which a yes could be remembered.
      return error.supplies.some(({ path }) => path === piped)
        ? `If you trust all of it, add --trust ${folder} to this command. In CI, set FORMAE_TRUST=${folder}`
        : `If you trust all of it, run "formae trust ${folder}", which remembers it, or add --trust ${folder} to this command. In CI, set FORMAE_TRUST=${folder}`
    }
    case "NotOwned":
      return `Give it to the user who runs formae ("chown"), or run formae as its owner`
    case "NotSummed":
      return "Name its folder with --plugins, or move what it does not need out of it"
    case "TrustUnusable":
      return ""
  }
}
