/** What somebody who is asked has to know, in lines. */
import * as Effect from "effect/Effect"
import { cutText } from "../../protocol/cutText.ts"
import type { Standing } from "./Remembered.ts"
import type { Examined } from "./Supply.ts"

const most = 10
const maxCharacters = 200

/** A name must not push the others off the screen. */
export const shortName = (name: string): string => cutText(name, maxCharacters)

/** The first of some names, and how many are left. */
export const firstOf = (names: ReadonlyArray<string>): string => {
  const first = names.slice(0, most).map(shortName)
  return names.length <= most ? first.join(", ") : `${first.join(", ")} and ${names.length - most} more`
}

const describe = (standing: Standing): string =>
  standing._tag === "Changed" ? `, changed since you trusted it: ${firstOf(standing.changed)}` : ""

export const questionLines = (examined: ReadonlyArray<Examined>): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.forEach(examined, ({ standing, supply }) =>
      Effect.map(supply.details, (details) => [
        `- ${supply.title}${describe(standing)}`,
        ...details.map((line) => `    ${line}`),
      ]),
    ),
    (lines) => lines.flat(),
  )
