import { shellWord } from "./shellWord.ts"

/** How a user of the command ends the quarantine of a plugin. */
export const adviceForQuarantine = (plugin: string): string =>
  `"formae plugins release ${shellWord(plugin)}" brings it back`
