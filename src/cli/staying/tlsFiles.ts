/** The files with the certificate of an agent and its key. */
import * as Effect from "effect/Effect"
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto"
import { badInput } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"
import type { GivenValue, ListenSettings } from "./listenSettings.ts"

type What = "certificate" | "key"

const refuse = ({ place, value }: GivenValue, what: What, reason: string) =>
  badInput("ListenRefused", `${place}: The ${what} ${value} cannot be used: ${reason}`)

const read = ({ place, value }: GivenValue, what: What) =>
  Effect.mapError(readInput(what, value), ({ message }) => badInput("FileUnreadable", `${place}: ${message}`))

const certificateIn = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** Until when a certificate counts, in milliseconds since 1970. */
export const validUntil = (pem: string): number => Date.parse(new X509Certificate(pem).validTo)

/** Or why it is none. */
const keyIn = (pem: string): KeyObject | string => {
  try {
    return createPrivateKey(pem)
  } catch {
    return pem.includes("ENCRYPTED")
      ? "it is locked with a passphrase, which nobody is there to type. Give it without one"
      : "it is no private key in PEM"
  }
}

/** Reads both. Undefined where none is given. Fails where they cannot be used together. */
export const readTls = Effect.fnUntraced(function* ({ certificate, key }: Omit<ListenSettings, "address">) {
  if (certificate === undefined || key === undefined) return undefined
  const pair = { cert: yield* read(certificate, "certificate"), key: yield* read(key, "key") }
  const known = certificateIn(pair.cert)
  if (known === undefined) return yield* refuse(certificate, "certificate", "it is no certificate in PEM")
  const secret = keyIn(pair.key)
  if (typeof secret === "string") return yield* refuse(key, "key", secret)
  if (known.checkPrivateKey(secret)) return pair
  return yield* refuse(key, "key", `it is that of another certificate than ${certificate.value}`)
})
