import { joinSentences } from "../../protocol/joinSentences.ts"

/** A message of the agent, and what a user of the command can do about it, if there is anything. */
export const withAdvice = (message: string, advice: string): string =>
  advice === "" ? message : joinSentences(message, advice)
