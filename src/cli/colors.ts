/** Whether the command writes colors, and which. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type { Style } from "./Line.ts"

/** The colors, by the names that Node has for them. */
export const colorOf = {
  created: "green",
  updated: "yellow",
  replaced: "magenta",
  deleted: "red",
  failed: "red",
  quiet: "gray",
} as const satisfies Record<Style, string>

/** What the environment says about colors, as https://no-color.org and https://force-color.org define it. */
export interface ColorVariables {
  readonly NO_COLOR: string
  readonly FORCE_COLOR: string
  readonly TERM: string
}

/** A terminal that can only print lines gets no colors, whatever is asked for. */
export const wantsColor = (isTerminal: boolean, { FORCE_COLOR, NO_COLOR, TERM }: ColorVariables): boolean => {
  if (TERM === "dumb" || NO_COLOR !== "") return false
  if (FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false"
  return isTerminal
}

const variable = (name: string) => Config.String(name).pipe(Config.withDefault(""))

const variables = Config.all({
  NO_COLOR: variable("NO_COLOR"),
  FORCE_COLOR: variable("FORCE_COLOR"),
  TERM: variable("TERM"),
})

/** Whether what is written to a stream has colors. */
export const usesColor = (isTerminal: boolean): Effect.Effect<boolean> =>
  Effect.map(Effect.orDie(variables), (given) => wantsColor(isTerminal, given))
