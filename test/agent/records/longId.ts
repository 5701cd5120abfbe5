import { createHash } from "node:crypto"
import { NativeId } from "../../../src/protocol/Identity.ts"

/** An id of so many characters that does not compress, as a database may try to do. */
export const longId = (length: number): NativeId => {
  const block = (index: number) => createHash("sha512").update(`${length} ${index}`).digest("hex")
  return NativeId.make(
    Array.from({ length: Math.ceil(length / 128) }, (_, index) => block(index))
      .join("")
      .slice(0, length),
  )
}
