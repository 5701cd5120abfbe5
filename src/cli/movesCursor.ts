/** Whether stderr is a terminal on which lines can be written over. One that says `TERM=dumb` can only print them, one after another. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"

const isDumb = Config.String("TERM").pipe(
  Config.map((name) => name === "dumb"),
  Config.withDefault(false),
)

export const movesCursor: Effect.Effect<boolean, never, Stdio.Stdio> = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  return (yield* stdio.stderrIsTerminal) && !(yield* Effect.orDie(isDumb))
})
