/** Shows what an apply or a destroy is going to do, and asks for it where somebody could answer. */
import * as Effect from "effect/Effect"
import type * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { makeCommandResult, withOnly, withOutputChanges } from "../../agent/commands/CommandResult.ts"
import type { Confirm, ConfirmRequest } from "../../agent/index.ts"
import { formatResult } from "../formatResult.ts"
import { type Line, span } from "../Line.ts"
import { printProgressLines, stderrWidth } from "../Outputs.ts"
import { askLine, canAsk, isYes, yesOrNo } from "../Question.ts"

/** Some terminals and keyboards write a letter with an accent in another way. */
const isName = (answer: string | undefined, name: string): boolean => answer?.trim().normalize("NFC") === name.trim()

/** What is asked after the plan. `stateAbove` is the state, where it is one of a folder above. */
export const questionOf = (
  { command, forma }: Pick<ConfirmRequest, "command" | "forma">,
  stateAbove: string | undefined,
): ReadonlyArray<Line> =>
  command === "destroy"
    ? [
        [span(`This deletes what was created from ${forma}.`, "deleted")],
        ...(stateAbove === undefined ? [] : [`The state is that of a folder above this one: ${stateAbove}`]),
        "To do it, type the name of the document. Anything else, or Enter, does nothing:",
      ]
    : [`Do this? ${yesOrNo}`]

/**
 * Undefined where nobody could answer: then nothing is asked. With `isYesGiven`
 * the plan is shown only. `stateAbove` is a state that the command uses and that
 * is not in the current folder: the question names it before something is deleted.
 */
export const makeConfirm = Effect.fnUntraced(function* (
  isYesGiven: boolean,
  stateAbove?: string,
): Effect.fn.Return<Confirm | undefined, never, Stdio.Stdio | Terminal.Terminal> {
  if (!(yield* canAsk)) return undefined
  const terminal = yield* Terminal.Terminal
  return Effect.fnUntraced(function* (request) {
    const { only, outputChanges, resources } = request
    const planned = withOutputChanges(withOnly(makeCommandResult("plan", resources), only), outputChanges)
    const plan = formatResult(planned, [request.forma], yield* stderrWidth)
    yield* printProgressLines([...plan, ""])
    if (isYesGiven) return true
    const answer = yield* Effect.provideService(askLine(questionOf(request, stateAbove)), Terminal.Terminal, terminal)
    return request.command === "destroy" ? isName(answer, request.forma) : isYes(answer)
  })
})
