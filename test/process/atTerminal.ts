/** Runs commands on a terminal, at which somebody types answers. What they print is their stdout. */
import { fileURLToPath } from "node:url"

const typing = fileURLToPath(new URL("typeAnswers.py", import.meta.url))

/** The beginning of a command of bash. Each answer is typed as soon as a question of the form `asked` is seen, and the command follows. */
export const typingInto = (asked: string, ...answers: ReadonlyArray<string>): string =>
  [`python3 ${typing}`, ...[asked, ...answers].map((word) => `'${word}'`), "--"].join(" ")

/** `typingInto` of one answer to what asks before something is done, or trusted. */
export const answering = (answer: string): string => typingInto("\\[y/N\\]|does nothing:", answer)
