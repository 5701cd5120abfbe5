/** Named tokens, by which a caller at an address is known. */
import * as Redacted from "effect/Redacted"
import { createHash, timingSafeEqual } from "node:crypto"

/** A token, and the name of the client that has it. */
export interface NamedToken {
  /** For people: it is said who has asked for a command. */
  readonly name: string
  readonly token: Redacted.Redacted
}

/** Shorter ones can be guessed. */
export const minTokenCharacters = 16

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest()

/**
 * Finds the name of the client that has sent an `Authorization` header. All tokens are
 * compared, by their hashes and in constant time, so that the time of an answer
 * says nothing about them.
 */
export const nameFinder = (tokens: ReadonlyArray<NamedToken>): ((header: string | undefined) => string | undefined) => {
  const known = tokens.map(({ name, token }) => ({ name, hash: hashOf(Redacted.value(token)) }))
  return (header) => {
    const given = /^bearer +(\S+)$/i.exec(header ?? "")?.[1]
    if (given === undefined) return undefined
    const hash = hashOf(given)
    return known.reduce<string | undefined>(
      (found, one) => (timingSafeEqual(one.hash, hash) ? one.name : found),
      undefined,
    )
  }
}
