/** Named tokens, by which a caller at an address is known. */
import * as Redacted from "effect/Redacted"
import { createHash, timingSafeEqual } from "node:crypto"

/** A token, and the name of the client that has it. */
export interface NamedToken {
  /** For people: it is said who has asked for a command. */
  readonly name: string
  readonly token: Redacted.Redacted
}

/**
 * Finds the name of the client that has a token, by its hash (`tokenHash`). It is asked at each request, and
 * before each part of an answer that goes on: a token that was taken away counts no more. Undefined where there is none.
 */
export type FindToken = (hash: string) => string | undefined

/** Shorter ones can be guessed. */
export const minTokenCharacters = 16

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest()

/** What is known of a token in its place: its SHA-256, in hexadecimal digits. */
export const tokenHash = (token: string): string => hashOf(token).toString("hex")

/** All are compared in constant time, so that the time of an answer says nothing about them. */
const amongThese = (tokens: ReadonlyArray<NamedToken>): FindToken => {
  const known = tokens.map(({ name, token }) => ({ name, hash: hashOf(Redacted.value(token)) }))
  return (given) => {
    const hash = Buffer.from(given, "hex")
    return known.reduce<string | undefined>(
      (found, one) => (timingSafeEqual(one.hash, hash) ? one.name : found),
      undefined,
    )
  }
}

/** Finds the name of the client that has sent an `Authorization` header. */
export const nameFinder = (
  tokens: ReadonlyArray<NamedToken> | FindToken,
): ((header: string | undefined) => string | undefined) => {
  const find = typeof tokens === "function" ? tokens : amongThese(tokens)
  return (header) => {
    const given = /^bearer +(\S+)$/i.exec(header ?? "")?.[1]
    return given === undefined ? undefined : find(tokenHash(given))
  }
}
