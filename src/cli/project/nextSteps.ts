/** What to type after a plugin project was written. */
import { shellWord } from "../advice/shellWord.ts"

/** The commands, a line each. `unbuilt` is the checkout that the project depends on, if it has not been built. */
export const nextSteps = (directory: string, unbuilt: string | undefined): ReadonlyArray<string> => [
  ...(unbuilt === undefined ? [] : [`  npm run build --prefix ${shellWord(unbuilt)}   # formae, once`]),
  `  cd ${shellWord(directory)}`,
  "  npm install",
  "  npm test    # builds it, and tests it against the protocol",
  "  npm start   # applies its forma.yaml",
]
