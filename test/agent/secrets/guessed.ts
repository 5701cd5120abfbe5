/** What can be found out from a stored seal without the key: a thousand numbers with four digits, and among them the right one, are tried at once. */
import { createHmac, createSecretKey } from "node:crypto"
import * as Schema from "effect/Schema"

const isSeal = Schema.is(Schema.Struct({ $sealed: Schema.Struct({ salt: Schema.String, hmac: Schema.String }) }))

/** The four digits that `seal` is the HMAC of, with its salt as the key or with no key at all. */
export const guessed = (seal: unknown): string | undefined => {
  if (!isSeal(seal)) throw new Error("there is no seal to guess at")
  const salt = Buffer.from(seal.$sealed.salt, "base64")
  // Key objects are prepared only once. An empty key is the same as any key of zeros, because keys are padded with zeros.
  const keys = [salt, Buffer.from(seal.$sealed.salt), Buffer.alloc(0)].map((bytes) => createSecretKey(bytes))
  const pins = Array.from({ length: 1_000 }, (_, number) => String(4_000 + number))
  return pins.find((pin) =>
    keys.some((key) =>
      [pin, JSON.stringify(pin)].some(
        (text) => createHmac("sha256", key).update(text).digest("base64") === seal.$sealed.hmac,
      ),
    ),
  )
}
