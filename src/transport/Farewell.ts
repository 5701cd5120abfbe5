/** How much is read of a plugin that has been asked to leave: one may print without end then. */

/** How much is still read of a plugin that owes no answer, in bytes. */
const farewellBytes = 1024 * 1024

/** Counts what a plugin prints once its stdin is ended and it owes no answer. */
export interface Farewell {
  /** From here on, it has no more work. */
  readonly begin: () => void
  /** Whether this chunk is read, and what comes after it. */
  readonly isRead: (chunk: Uint8Array) => boolean
  /** Why nothing more is read, in words. */
  readonly describeEnd: () => string
}

/** Makes one for a plugin that owes an answer while `isOwing` says so. */
export const makeFarewell = (isOwing: () => boolean): Farewell => {
  let hasBegun = false
  let bytes = 0
  return {
    begin: () => {
      hasBegun = true
    },
    isRead: (chunk) => {
      if (!hasBegun || isOwing()) return true
      bytes += chunk.length
      return bytes <= farewellBytes
    },
    describeEnd: () =>
      bytes > farewellBytes ? "The plugin went on printing when its stdin had ended" : "The plugin closed its stdout",
  }
}
