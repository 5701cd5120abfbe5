/** What somebody finds out who has what is kept, and not the key: four digits are soon tried. */
import { createHmac, createSecretKey } from "node:crypto"
import * as Schema from "effect/Schema"

const isSeal = Schema.is(Schema.Struct({ $sealed: Schema.Struct({ salt: Schema.String, hmac: Schema.String }) }))

/** The four digits of which `seal` is one under the salt that lies beside it, or under no key at all. */
export const guessed = (seal: unknown): string | undefined => {
  if (!isSeal(seal)) throw new Error("there is no seal to guess at")
  const salt = Buffer.from(seal.$sealed.salt, "base64")
  // As key objects, each is prepared once. The empty one is also any of zeros alone, for zeros are what fills a key up.
  const keys = [salt, Buffer.from(seal.$sealed.salt), Buffer.alloc(0)].map((bytes) => createSecretKey(bytes))
  const pins = Array.from({ length: 10_000 }, (_, number) => String(number).padStart(4, "0"))
  return pins.find((pin) =>
    keys.some((key) =>
      [pin, JSON.stringify(pin)].some(
        (text) => createHmac("sha256", key).update(text).digest("base64") === seal.$sealed.hmac,
      ),
    ),
  )
}
