/**
 * Starts a bundled program, `PROGRAM`, with the code that V8 compiled in earlier
 * runs. `scripts/bundle.ts` makes it the `main.mjs` of each bundle. Node's own
 * compile cache keeps what is compiled when a module is loaded. Most functions
 * are compiled later, at their first call, and Node's cache does not keep those.
 *
 * The cache is in a folder beside the program. It is code that will run, so a
 * cache that another user could have written is ignored. If the folder cannot be
 * written, there is no cache.
 */
import type { Script as Compiled } from "node:vm"

declare const PROGRAM: string
declare const IS_COMMAND: boolean

// First of all, because until then a SIGHUP ends the process, even under nohup. The command takes it over
// (src/cli/earlyHangup.ts). Where bin/formae.js has started this, it listens already.
const hangupKey = Symbol.for("formae/hangup")
if (IS_COMMAND && !Reflect.has(globalThis, hangupKey)) {
  const hangup = { received: false, listen: () => void (hangup.received = true) }
  Reflect.set(globalThis, hangupKey, hangup)
  process.on("SIGHUP", hangup.listen)
  // Without a listener Node opens its inspector, at an address that every local user can ask for. A plugin has none: the
  // agent opens its inspector where it hangs.
  process.on("SIGUSR1", () => undefined)
}

// An import of a module of Node first makes a facade that reads all its exports, and so loads what is never used.
const { accessSync, constants, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } =
  process.getBuiltinModule("node:fs")
const { createRequire } = process.getBuiltinModule("node:module")
const { basename, dirname, join } = process.getBuiltinModule("node:path")
const { fileURLToPath } = process.getBuiltinModule("node:url")
const { Script } = process.getBuiltinModule("node:vm")
const { crc32 } = process.getBuiltinModule("node:zlib")

/** Each of the first runs adds the functions that it has called. After that the cache stays as it is. */
const generations = 3

/** The length of the checksum at the end of a cache. */
const sumBytes = 4

/** A long run saves the cache after this time and not only at its end, because a run that is killed saves nothing. */
const saveAfterMillis = 3_000

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

/** Whether only this user or the owner of the program can have written the file. On Windows Node has no owners and no modes, so all are trusted. */
const isTrusted = (path: string): boolean => {
  const own = process.getuid?.()
  if (own === undefined) return true
  const { mode, uid } = statSync(path)
  return (mode & writableByOthers) === 0 && (uid === own || uid === statSync(folder).uid)
}

/**
 * The cache of the latest generation that is whole, is of this source, and can be
 * trusted. The checksum is needed because V8 runs a damaged cache as if it were
 * whole, and it covers the source because V8 compares only the source's length.
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
      // The file does not exist, cannot be read, or is too short for a checksum.
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
  // V8 rejects a cache that was made with other flags: then the generations start again.
  const generation = script.cachedDataRejected === true ? 1 : (cache?.generation ?? 0) + 1
  if (generation <= generations) growth.push({ file, script, sourceSum, generation })
  const module = { exports: {} }
  loaded.set(file, module)
  const outside = createRequire(file)
  const inside = (id: string): unknown => (/^\.\.?\//.test(id) ? load(join(dirname(file), id)) : outside(id))
  try {
    script.runInThisContext()(module.exports, Object.assign(inside, outside), module, file, dirname(file))
  } catch (error) {
    // So that a later import throws the same error, and does not get half a module.
    loaded.delete(file)
    throw error
  }
  return module.exports
}

const keep = ({ file, generation, script, sourceSum }: Growth): void => {
  const target = cacheFile(file, generation)
  const temporary = `${target}.${process.pid}`
  const data = script.createCachedData()
  const sum = Buffer.alloc(sumBytes)
  sum.writeUInt32LE(crc32(data, sourceSum))
  try {
    // Flushed before it is renamed, so that a power cut cannot leave half a cache under its name.
    writeFileSync(temporary, Buffer.concat([data, sum]), { flush: true, mode: 0o644 })
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * Removes other caches of these chunks, which are older or of another V8 or were
 * left by a killed run, and the caches of chunks that no longer exist.
 */
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
    // Without a cache the next start compiles the program again.
  }
}

const program = join(folder, PROGRAM)
process.once("exit", save)
setTimeout(save, saveAfterMillis).unref()
load(program)
