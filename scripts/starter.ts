/**
 * Starts a bundled program, `PROGRAM`, with what V8 has compiled of it in
 * earlier runs; `scripts/bundle.ts` puts it ahead of each bundle. Node's own
 * compile cache keeps what is compiled when a module is loaded, and not the
 * functions that are compiled as they are first called, which are most.
 *
 * The cache is beside the program, and not in a folder that others can write,
 * for it is code. Where that can not be written, there is none.
 */
import type { Script as Compiled } from "node:vm"

declare const PROGRAM: string

// What is imported of Node is made a facade first, which reads all that it exports, and so loads what is never used.
const { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } =
  process.getBuiltinModule("node:fs")
const { createRequire, isBuiltin } = process.getBuiltinModule("node:module")
const { basename, dirname, join } = process.getBuiltinModule("node:path")
const { fileURLToPath } = process.getBuiltinModule("node:url")
const { Script, constants: vmConstants } = process.getBuiltinModule("node:vm")
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
  readonly generation: number
}

const folder = dirname(fileURLToPath(import.meta.url))
const cacheFolder = join(folder, ".compiled")
const loaded = new Map<string, Loaded>()
let growth: Array<Growth> = []

/** V8 tells a source by its length alone; the names of the chunks tell it by its content. */
const cacheFile = (file: string, generation: number): string =>
  join(cacheFolder, `${basename(file)}.${process.versions.v8}-${process.arch}.${generation}`)

const newestCache = (file: string) => {
  for (let generation = generations; generation > 0; generation--) {
    try {
      const kept = readFileSync(cacheFile(file, generation))
      const data = kept.subarray(0, -sumBytes)
      // V8 runs what is damaged as if it were whole.
      if (kept.readUInt32LE(data.length) === crc32(data)) return { generation, data }
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
  const cache = newestCache(file)
  const script = new Script(`${head}${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    columnOffset: -head.length,
    cachedData: cache?.data,
    importModuleDynamically: vmConstants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  // One that this V8 does not take, for it runs with other flags, is replaced.
  const generation = (cache?.generation ?? 0) + (script.cachedDataRejected === true ? 0 : 1)
  if (generation <= generations) growth.push({ file, script, generation })
  const module = { exports: {} }
  loaded.set(file, module)
  const outside = createRequire(file)
  const require = (id: string): unknown => (isBuiltin(id) ? outside(id) : load(join(dirname(file), id)))
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  return module.exports
}

const save = (): void => {
  const grown = growth
  growth = []
  if (grown.length === 0) return
  try {
    accessSync(folder, constants.W_OK)
    mkdirSync(cacheFolder, { recursive: true })
    for (const { file, generation, script } of grown) {
      const target = cacheFile(file, generation)
      const written = `${target}.${process.pid}`
      const data = script.createCachedData()
      const sum = Buffer.alloc(sumBytes)
      sum.writeUInt32LE(crc32(data))
      writeFileSync(written, Buffer.concat([data, sum]), { flush: true })
      renameSync(written, target)
      rmSync(cacheFile(file, generation - 1), { force: true })
    }
  } catch {
    // The next start compiles it again.
  }
}

process.once("exit", save)
setTimeout(save, settledMillis).unref()
load(join(folder, PROGRAM))
