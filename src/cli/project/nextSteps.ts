/** What to type after a plugin project was written. */
import { shellWord } from "../advice/shellWord.ts"

/** The commands, a line each. `unpacked` is the checkout that the project depends on, if it has not been packed. */
export const nextSteps = (directory: string, unpacked: string | undefined): ReadonlyArray<string> => [
  ...(unpacked === undefined ? [] : [`  npm run pack --prefix ${shellWord(unpacked)}   # formae, once`]),
  `  cd ${shellWord(directory)}`,
  "  npm install",
  "  npm test    # builds it, and tests it against the protocol",
  "  npm start   # applies its forma.yaml",
]
