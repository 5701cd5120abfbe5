/**
 * How large the properties may be that a resource is wanted to have. It is less
 * than a provider may return: the answer to a create has what the provider adds
 * too, and if it could not be read, nobody would keep what was created.
 */
import { excessOf, type PropertyLimits } from "../../protocol/HeldProperties.ts"
import type { Properties } from "../../protocol/Resource.ts"
import type { FormaDocument, FormaIssue } from "./FormaDocument.ts"

/** About nine tenths of what an answer may have, and of what its frame may have. */
export const wantedLimits: PropertyLimits = { characters: 4_000_000, values: 240_000, depth: 200 }

const sentences: Readonly<Record<keyof PropertyLimits, string>> = {
  characters: `has more than ${wantedLimits.characters} characters; keep what is so large elsewhere, and refer to it`,
  values: `has more than ${wantedLimits.values} values; divide them among several resources`,
  depth: `is nested deeper than ${wantedLimits.depth} levels; put what is nested so deep into a text of its own`,
}

/** Why a resource cannot be wanted with these properties, or undefined if it can. */
export const sizeObjection = (properties: Properties): string | undefined => {
  const excess = excessOf(properties, wantedLimits)
  return excess && sentences[excess]
}

/** Checks the sizes of a forma. What is only destroyed may be larger: an earlier version may have created it. */
export const checkSizes = ({ resources }: FormaDocument): ReadonlyArray<FormaIssue> =>
  resources.flatMap(({ properties = {} }, index) => {
    const message = sizeObjection(properties)
    return message === undefined ? [] : [{ path: ["resources", index, "properties"], message }]
  })
