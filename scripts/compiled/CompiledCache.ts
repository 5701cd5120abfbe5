/**
 * What V8 compiled in earlier runs of a program. It is code that will run, so it
 * is in the folder of this user, where nobody else can have written it, and never
 * beside the program: that may come from an archive. Where there is no such
 * folder, or it cannot be written, there is no cache.
 *
 * USER_CACHES/formae/compiled/PROGRAM/CHUNK.V8-PLATFORM-ARCH-FLAGS.GENERATION, where
 * PROGRAM stands for the real path of the program and CHUNK has a hash of its code.
 */
import { cacheName, chunkOf, tagOf } from "./cacheNames.ts"
import { isOwnFolder, makeOwnFolder, makeUserFolder, readOwnFile, writeOwnFile } from "./ownFiles.ts"
import { userCacheFolder } from "./userCacheFolder.ts"

const { readdirSync, realpathSync, rmdirSync, statSync, unlinkSync } = process.getBuiltinModule("node:fs")
const { basename, join } = process.getBuiltinModule("node:path")
const { cachedDataVersionTag } = process.getBuiltinModule("node:v8")
const { crc32 } = process.getBuiltinModule("node:zlib")

/** Each of the first runs adds the functions that it has called. After that the cache stays as it is. */
export const generations = 3

/** The length of the checksum at the end of a cache. */
const sumBytes = 4

/** How many programs have a cache. */
const maxPrograms = 64

/** How much of the path the name of its folder has. The checksum tells apart what is the same after that. */
const maxNameLength = 100

const tag = tagOf({
  v8: process.versions.v8,
  platform: process.platform,
  arch: process.arch,
  flags: cachedDataVersionTag(),
})
const ownFolder = /^[\w.-]+-[\da-f]{8}$/

/** The folders down to that of a program. Each has to be this user's own, because who can write one can replace the next. */
const foldersOf = (program: string) => {
  const user = userCacheFolder(process.platform, process.env)
  if (user === undefined) return undefined
  const sum = crc32(program).toString(16).padStart(8, "0")
  const programs = join(user, "formae", "compiled")
  const own = join(programs, `${program.replaceAll(/[^\w.]/g, "-").slice(-maxNameLength)}-${sum}`)
  return { user, programs, own, all: [join(user, "formae"), programs, own] }
}

const fileName = (chunk: string, generation: number): string => cacheName(basename(chunk), tag, generation)

/** Removes the files of a folder that have names of ours and that `isOld` is true for. */
const removeOwn = (folder: string, isOld: (name: string, chunk: string) => boolean): void => {
  for (const name of readdirSync(folder)) {
    const chunk = chunkOf(name)
    if (chunk === undefined || !isOld(name, chunk)) continue
    try {
      unlinkSync(join(folder, name))
    } catch {
      // It is a folder, or another run has just removed it.
    }
  }
}

/** Removes the caches of programs that were first run long ago. What is not a cache stays. */
const removeOldPrograms = (programs: string): void => {
  const found = readdirSync(programs).filter((name) => ownFolder.test(name) && isOwnFolder(join(programs, name)))
  const byAge = found
    .map((name) => ({ folder: join(programs, name), time: statSync(join(programs, name)).mtimeMs }))
    .toSorted((one, other) => other.time - one.time)
  for (const { folder } of byAge.slice(maxPrograms)) {
    removeOwn(folder, () => true)
    try {
      rmdirSync(folder)
    } catch {
      // Something else is in it.
    }
  }
}

/** A chunk that was compiled in this run, and what is kept of it. */
export interface Compiled {
  readonly chunk: string
  readonly sourceSum: number
  readonly generation: number
  readonly data: Buffer
}

/** The cache of the program in `folder`. */
export const openCache = (folder: string) => {
  const folders = foldersOf(realpathSync.native(folder))
  const isReadable = folders?.all.every(isOwnFolder) === true
  return {
    /**
     * The cache of the latest generation that is whole, is of this source, and is
     * this user's. The checksum is needed because V8 runs a damaged cache as if it
     * were whole, and it covers the source because V8 compares only its length.
     */
    newest: (chunk: string, sourceSum: number) => {
      if (folders === undefined || !isReadable) return undefined
      for (let generation = generations; generation > 0; generation--) {
        const kept = readOwnFile(join(folders.own, fileName(chunk, generation)))
        if (kept === undefined || kept.length < sumBytes) continue
        const data = kept.subarray(0, -sumBytes)
        if (kept.readUInt32LE(data.length) === crc32(data, sourceSum)) return { generation, data }
      }
      return undefined
    },
    /**
     * Keeps what was compiled. Removes other caches of these chunks, which are
     * older or of another V8 or were left by a killed run, and the caches of
     * chunks that no longer exist. Throws where the cache cannot be written.
     */
    keep: (compiled: ReadonlyArray<Compiled>): void => {
      if (folders === undefined || !makeUserFolder(folders.user) || !folders.all.every(makeOwnFolder)) return
      for (const { chunk, data, generation, sourceSum } of compiled) {
        const target = join(folders.own, fileName(chunk, generation))
        const sum = Buffer.alloc(sumBytes)
        sum.writeUInt32LE(crc32(data, sourceSum))
        writeOwnFile(target, `${target}.${process.pid}-${Date.now()}`, Buffer.concat([data, sum]))
      }
      const newest = new Map(compiled.map(({ chunk, generation }) => [basename(chunk), fileName(chunk, generation)]))
      const chunks = new Set(compiled.flatMap(({ chunk }) => readdirSync(join(chunk, ".."))))
      removeOwn(folders.own, (name, chunk) => !chunks.has(chunk) || (newest.get(chunk) ?? name) !== name)
      if (compiled.some(({ generation }) => generation === 1)) removeOldPrograms(folders.programs)
    },
  }
}
