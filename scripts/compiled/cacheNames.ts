/** How the files of the cache are named. */

/** What code has to be compiled for, because V8 can run no other. */
export interface CompiledFor {
  /** Such as `13.6.233.17-node.40`. */
  readonly v8: string
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** V8's own number for its version and its flags (`v8.cachedDataVersionTag`). */
  readonly flags: number
}

/** V8 itself compares its version and flags alone, and a home may be shared by machines of several kinds. */
export const tagOf = ({ arch, flags, platform, v8 }: CompiledFor): string =>
  `${v8}-${platform}-${arch}-${flags.toString(16).padStart(8, "0")}`

/** The name of the cache of a chunk, which is named without its folder. */
export const cacheName = (chunk: string, tag: string, generation: number): string => `${chunk}.${tag}.${generation}`

/** A cache, or what a run that was killed has left of one, of this version of formae or of an earlier one. */
const ownFile = /^(.+?\.cjs)\.[\d.]+[\w.-]*-[a-z\d]+\.\d+(?:\.\d+-\d+)?$/

/** The chunk whose cache has this name. Undefined where it is not the name of a cache. */
export const chunkOf = (name: string): string | undefined => ownFile.exec(name)?.[1]
