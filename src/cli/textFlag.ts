/** A flag that takes text. */
import * as Flag from "effect/cli/Flag"

/** An empty text is a variable of a script that has no value, more likely than a wish: it is refused as a flag without a value. */
export const textFlag = (name: string): Flag.Flag<string> =>
  Flag.filter(
    Flag.String(name),
    (text) => text !== "",
    () => "It must not be empty",
  )
