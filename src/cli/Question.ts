/** Asks the person at the terminal. On stderr, because stdout is for results. */
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { span } from "./Line.ts"
import { type Lines, printProgressLines, stderrWidth } from "./Outputs.ts"
import { foldLine } from "./textWidth.ts"

/** Whether somebody is there who could answer: stdin and stderr are a terminal. */
export const canAsk: Effect.Effect<boolean, never, Stdio.Stdio> = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  return (yield* stdio.stdinIsTerminal) && (yield* stdio.stderrIsTerminal)
})

/** Narrower than any terminal that somebody reads. One that does not know its width says 0. */
const leastWidth = 20

/** A question within the width of a terminal. A line with parts has one style. */
export const foldedTo = (question: Lines, width: number | undefined): Lines =>
  width === undefined || width < leastWidth
    ? question
    : question.flatMap((line): Lines => {
        if (typeof line === "string") return foldLine(line, width)
        const [first] = line
        return foldLine(line.map(({ text }) => text).join(""), width).map((text) => [span(text, first?.style)])
      })

/** What is typed after a question. Undefined where the input ends before a line does. */
export const askLine = Effect.fnUntraced(function* (question: Lines) {
  const terminal = yield* Terminal.Terminal
  yield* printProgressLines(foldedTo(question, yield* stderrWidth))
  return yield* Effect.orElseSucceed(terminal.readLine, () => undefined)
})

/** How a question ends that takes yes or no. */
export const yesOrNo = "Type y for yes. Anything else, or Enter, is no: [y/N]"

/** Anything but a clear yes is a no. */
export const isYes = (answer: string | undefined): boolean => answer !== undefined && /^\s*y(es)?\s*$/i.test(answer)
