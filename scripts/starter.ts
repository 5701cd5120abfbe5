/**
 * Starts a bundled program, `PROGRAM`, with what V8 has compiled of it in
 * earlier runs; `scripts/bundle.ts` puts it ahead of each bundle. Node's own
 * compile cache keeps what is compiled when a module is loaded, and not the
 * functions that are compiled as they are first called, which are most.
 *
 * The cache is beside the program. It is code: one that somebody else could
 * have written is not taken. Where it can not be written, there is none.
 */
import type { Script as Compiled } from "node:vm"

declare const PROGRAM: string

// What is imported of Node is made a facade first, which reads all that it exports, and so loads what is never used.
const { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } =
  process.getBuiltinModule("node:fs")
const { createRequire } = process.getBuiltinModule("node:module")
const { basename, dirname, join } = process.getBuiltinModule("node:path")
const { fileURLToPath } = process.getBuiltinModule("node:url")
const { Script } = process.getBuiltinModule("node:vm")
const { crc32 } = process.getBuiltinModule("node:zlib")

/** The first runs each add what they have called; then it is left as it is. */
const generations = 3

/** At the end of a cache. */
const sumBytes = 4

/** A run that is killed writes nothing, so that one that lasts does not wait for its end. */
const settledMillis = 3_000

interface Loaded {
  readonly exports: object
}

/** What this run can add to the cache. */
interface Growth {
  readonly file: string
  readonly script: Compiled
  readonly sourceSum: number
  readonly generation: number
}

const folder = dirname(fileURLToPath(import.meta.url))
const cacheFolder = join(folder, ".compiled")
const loaded = new Map<string, Loaded>()
let growth: Array<Growth> = []

const tag = `${process.versions.v8}-${process.arch}`
const cacheFile = (file: string, generation: number): string =>
  join(cacheFolder, `${basename(file)}.${tag}.${generation}`)

const writableByOthers = 0o022

/** Whether only this user, or whoever owns the program, can have written it. Windows has neither owners nor modes here. */
const isTrusted = (path: string): boolean => {
  const own = process.getuid?.()
  if (own === undefined) return true
  const { mode, uid } = statSync(path)
  return (mode & writableByOthers) === 0 && (uid === own || uid === statSync(folder).uid)
}

/**
 * The sum is of the source too, because V8 tells a source by its length alone;
 * and there is one at all because V8 runs what is damaged as if it were whole.
 */
const newestCache = (file: string, sourceSum: number) => {
  try {
    if (!isTrusted(cacheFolder)) return undefined
  } catch {
    return undefined
  }
  for (let generation = generations; generation > 0; generation--) {
    try {
      const path = cacheFile(file, generation)
      const kept = readFileSync(path)
      const data = kept.subarray(0, -sumBytes)
      if (kept.readUInt32LE(data.length) === crc32(data, sourceSum) && isTrusted(path)) return { generation, data }
    } catch {
      // There is none, or none that this user may read, or it is too short to have a sum.
    }
  }
  return undefined
}

const head = "(function (exports, require, module, __filename, __dirname) {"

const load = (file: string): object => {
  const known = loaded.get(file)
  if (known !== undefined) return known.exports
  const source = readFileSync(file)
  const sourceSum = crc32(source)
  const cache = newestCache(file, sourceSum)
  const script = new Script(`${head}${source.toString()}\n})`, {
    filename: file,
    columnOffset: -head.length,
    cachedData: cache?.data,
  })
  // One that this V8 does not take was made by one with other flags: it begins anew.
  const generation = script.cachedDataRejected === true ? 1 : (cache?.generation ?? 0) + 1
  if (generation <= generations) growth.push({ file, script, sourceSum, generation })
  const module = { exports: {} }
  loaded.set(file, module)
  const outside = createRequire(file)
  const inside = (id: string): unknown => (/^\.\.?\//.test(id) ? load(join(dirname(file), id)) : outside(id))
  try {
    script.runInThisContext()(module.exports, Object.assign(inside, outside), module, file, dirname(file))
  } catch (error) {
    // So that who asks again hears the same, and gets no half of it.
    loaded.delete(file)
    throw error
  }
  return module.exports
}

const keep = ({ file, generation, script, sourceSum }: Growth): void => {
  const target = cacheFile(file, generation)
  const written = `${target}.${process.pid}`
  const data = script.createCachedData()
  const sum = Buffer.alloc(sumBytes)
  sum.writeUInt32LE(crc32(data, sourceSum))
  try {
    // Flushed before it has its name, so that a power cut leaves no half of it.
    writeFileSync(written, Buffer.concat([data, sum]), { flush: true, mode: 0o644 })
    renameSync(written, target)
  } catch (error) {
    rmSync(written, { force: true })
    throw error
  }
}

/** Removes all but the newest of what this V8 has kept of these chunks: older ones, of other versions, and what a kill has left. */
const sweep = (kept: ReadonlyArray<Growth>): void => {
  const newest = new Map(kept.map(({ file, generation }) => [basename(file), `${basename(file)}.${tag}.${generation}`]))
  const chunks = new Set(readdirSync(dirname(program)))
  for (const name of readdirSync(cacheFolder)) {
    const chunk = /^.*?\.cjs(?=\.)/.exec(name)?.[0]
    const own = chunk === undefined ? undefined : newest.get(chunk)
    const isGone = chunk === undefined || !chunks.has(chunk)
    if (isGone || (own !== undefined && own !== name)) rmSync(join(cacheFolder, name), { recursive: true, force: true })
  }
}

const save = (): void => {
  const grown = growth
  growth = []
  if (grown.length === 0) return
  try {
    mkdirSync(cacheFolder, { recursive: true, mode: 0o755 })
    accessSync(cacheFolder, constants.W_OK)
    for (const one of grown) keep(one)
    sweep(grown)
  } catch {
    // The next start compiles it again.
  }
}

const program = join(folder, PROGRAM)
process.once("exit", save)
setTimeout(save, settledMillis).unref()
load(program)
