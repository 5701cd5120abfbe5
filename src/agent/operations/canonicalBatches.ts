/** Properties of one type in as many requests as it takes: all resources of a type may be more than a frame may hold. */
import type { Properties } from "../../protocol/Resource.ts"

/** In characters of JSON. So many characters have fewer values than a frame may have. */
const longestBatch = 250_000

/** The same properties in the same order. What is longer by itself has a batch of its own. */
export const canonicalBatches = (all: ReadonlyArray<Properties>): ReadonlyArray<ReadonlyArray<Properties>> => {
  const batches: Array<Array<Properties>> = []
  let length = Infinity
  for (const properties of all) {
    const own = JSON.stringify(properties).length
    length += own
    if (length <= longestBatch) batches.at(-1)?.push(properties)
    else {
      batches.push([properties])
      length = own
    }
  }
  return batches
}
