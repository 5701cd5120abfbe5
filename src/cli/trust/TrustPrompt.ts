/** Asks the user whether to trust a folder. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import { askLine, canAsk, isYes, yesOrNo } from "../Question.ts"

/** `unasked`: nobody is there who could answer. */
export type Answer = "yes" | "no" | "unasked"

/** What is asked, with what the folder supplies. */
export const trustQuestion = (folder: string, lines: ReadonlyArray<string>): ReadonlyArray<string> => [
  `The folder ${folder} supplies what you have not trusted yet:`,
  ...lines,
  "A plugin runs as you, with your files. A state says what exists, and what is to be deleted. A configuration says which of them are used.",
  `Do you trust all of it? ${yesOrNo}`,
]

export class TrustPrompt extends Context.Service<
  TrustPrompt,
  {
    /** Shows what a folder supplies, and asks. Anything but a clear yes is a no. */
    readonly ask: (folder: string, lines: ReadonlyArray<string>) => Effect.Effect<Answer>
  }
>()("formae/cli/trust/TrustPrompt") {
  /** On stderr, because stdout is for results. Where stdin or stderr is not a terminal, nobody is asked. */
  static readonly layerTerminal: Layer.Layer<TrustPrompt, never, Stdio.Stdio | Terminal.Terminal> = Layer.effect(
    TrustPrompt,
    Effect.gen(function* () {
      const isAnswerable = yield* canAsk
      const terminal = yield* Terminal.Terminal
      return TrustPrompt.of({
        ask: Effect.fnUntraced(function* (folder, lines) {
          if (!isAnswerable) return "unasked"
          const answer = yield* Effect.provideService(
            askLine(trustQuestion(folder, lines)),
            Terminal.Terminal,
            terminal,
          )
          return isYes(answer) ? "yes" : "no"
        }),
      })
    }),
  )
}
