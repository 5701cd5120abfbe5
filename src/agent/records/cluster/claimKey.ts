/** What a claim is kept under. */
import * as Hash from "effect/Hash"
import { storable } from "../../../protocol/Text.ts"

/** In characters, of which each takes three bytes at most: a row of an index of Postgres holds 2,704 bytes. */
const longest = 512

/**
 * A key as it is written. One that is too long for an index is cut, with a hash
 * of the whole. Should two have the same, one waits for the other, and nothing
 * else comes of it.
 */
export const claimKey = (key: string): string => {
  const text = storable(key)
  return text.length <= longest
    ? text
    : `${text.slice(0, longest).toWellFormed()}#${text.length}#${Hash.string(text).toString(16)}`
}
