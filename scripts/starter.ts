/**
 * Starts a bundled program, `PROGRAM`, with the code that V8 compiled in earlier
 * runs. `scripts/bundle.ts` makes it the `main.mjs` of each bundle. Node's own
 * compile cache keeps what is compiled when a module is loaded. Most functions
 * are compiled later, at their first call, and Node's cache does not keep those.
 */
import "./compiled/earlySignals.ts"
import type { Script } from "node:vm"
import { asksForVersion } from "../src/cli/TypedWords.ts"
import { generations, openCache } from "./compiled/CompiledCache.ts"

declare const PROGRAM: string
/** The part of the command that only tells its version. */
declare const VERSION_PROGRAM: string
declare const IS_COMMAND: boolean
// An import of a module of Node first makes a facade that reads all its exports, and so loads what is never used.
const { readFileSync } = process.getBuiltinModule("node:fs")
const { createRequire } = process.getBuiltinModule("node:module")
const { dirname, join } = process.getBuiltinModule("node:path")
const { fileURLToPath } = process.getBuiltinModule("node:url")
const vm = process.getBuiltinModule("node:vm")
const { crc32 } = process.getBuiltinModule("node:zlib")

/** A long run saves the cache after this time and not only at its end, because a run that is killed saves nothing. */
const saveAfterMillis = 3_000

interface Loaded {
  readonly exports: object
}

/** What this run can add to the cache. */
interface Growth {
  readonly chunk: string
  readonly script: Script
  readonly sourceSum: number
  readonly generation: number
}

const folder = dirname(fileURLToPath(import.meta.url))
const cache = openCache(folder)
const loaded = new Map<string, Loaded>()
let growth: Array<Growth> = []

const head = "(function (exports, require, module, __filename, __dirname) {"

const load = (chunk: string): object => {
  const known = loaded.get(chunk)
  if (known !== undefined) return known.exports
  const source = readFileSync(chunk)
  const sourceSum = crc32(source)
  const kept = cache.newest(chunk, sourceSum)
  // A bundle is ASCII.
  const script = new vm.Script(`${head}${source.toString("latin1")}\n})`, {
    filename: chunk,
    columnOffset: -head.length,
    cachedData: kept?.data,
  })
  // V8 rejects a cache that was made with other flags: then the generations start again.
  const generation = script.cachedDataRejected === true ? 1 : (kept?.generation ?? 0) + 1
  if (generation <= generations) growth.push({ chunk, script, sourceSum, generation })
  const module = { exports: {} }
  loaded.set(chunk, module)
  const outside = createRequire(chunk)
  const inside = (id: string): unknown => (/^\.\.?\//.test(id) ? load(join(dirname(chunk), id)) : outside(id))
  try {
    script.runInThisContext()(module.exports, Object.assign(inside, outside), module, chunk, dirname(chunk))
  } catch (error) {
    // So that a later import throws the same error, and does not get half a module.
    loaded.delete(chunk)
    throw error
  }
  return module.exports
}

const save = (): void => {
  const grown = growth
  growth = []
  if (grown.length === 0) return
  try {
    cache.keep(grown.map(({ script, ...known }) => ({ ...known, data: script.createCachedData() })))
  } catch {
    // Without a cache the next start compiles the program again.
  }
}

process.once("exit", save)
setTimeout(save, saveAfterMillis).unref()
load(join(folder, IS_COMMAND && asksForVersion(process.argv.slice(2)) ? VERSION_PROGRAM : PROGRAM))
