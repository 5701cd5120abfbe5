/** Parts of a list for a statement each: each length makes another statement, which the store keeps. */
import * as Arr from "effect/Array"

const maxChunk = 256

/** Parts of 256, and of smaller powers of two at the end. */
export const inChunks = <A>(all: ReadonlyArray<A>): ReadonlyArray<Arr.NonEmptyReadonlyArray<A>> => {
  const found: Array<Arr.NonEmptyReadonlyArray<A>> = []
  let at = 0
  while (at < all.length) {
    const chunk = all.slice(at, at + Math.min(maxChunk, 2 ** Math.floor(Math.log2(all.length - at))))
    if (Arr.isReadonlyArrayNonEmpty(chunk)) found.push(chunk)
    at += chunk.length
  }
  return found
}
