/**
 * Bundles a program, the command or a plugin: `main.mjs`, which is what a start
 * runs, and a chunk for whatever is imported at its first use, so that a start
 * compiles only what it needs. What V8 has compiled is kept in the folder
 * `.compiled` beside `main.mjs`, for the next start; where that can not be
 * written, it is not.
 */
import { readFile, writeFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { basename, join, isAbsolute } from "node:path"
import { rolldown } from "rolldown"

const starter = "formae:starter"
const program = "formae:program"

/**
 * Comes before all of the program: only what is loaded later is taken from the
 * cache. It is beside the program, and not in a folder that others can write,
 * for it is code. Written after a while too, because a crash writes nothing.
 */
const starterCode = `import { enableCompileCache, flushCompileCache } from "node:module"
import { fileURLToPath } from "node:url"
enableCompileCache(fileURLToPath(new URL(".compiled", import.meta.url)))
await import("${program}")
setTimeout(flushCompileCache, 3_000).unref()
`

/**
 * A module of Node's that is imported is made a facade first, which reads all
 * that it exports, and so loads what it would have loaded at its first use.
 */
const withoutFacades = (code: string): string =>
  code.replaceAll(
    /^import (?:([\w$]+)(?:, )?)?(?:\{([^}]+)\})? ?from "(node:[^"]+)";$/gm,
    (_, whole: string | undefined, names: string | undefined, module: string) => {
      const loaded = `globalThis.process.getBuiltinModule("${module}")`
      const taken = names?.replaceAll(/\bdefault as /g, "default: ").replaceAll(" as ", ": ")
      return [
        ...(whole === undefined ? [] : [`const ${whole} = ${loaded};`]),
        ...(taken === undefined ? [] : [`const {${taken}} = ${loaded};`]),
      ].join(" ")
    },
  )

/** The size of each file in bytes. */
export type Sizes = ReadonlyMap<string, number>

/**
 * Writes the bundle of `entry` to `directory`. Throws with a sentence.
 *
 * `chunks` is where in it the chunks go; the command has them beside `main.mjs`,
 * for it looks from where it is for what is shipped with it.
 */
export const bundle = async (entry: string, directory: string, root: string, chunks = "chunks/"): Promise<Sizes> => {
  const warnings: Array<string> = []
  const build = await rolldown({
    input: { main: starter },
    plugins: [
      {
        name: "starter",
        resolveId: (id) =>
          id === starter ? id : id === program ? (isAbsolute(entry) ? entry : join(root, entry)) : null,
        load: (id) => (id === starter ? starterCode : null),
      },
      { name: "builtins", renderChunk: (code) => withoutFacades(code) },
    ],
    cwd: root,
    platform: "node",
    resolve: { conditionNames: ["formae-source", "node", "import"] },
    onLog: (level, log) => {
      if (level === "warn") warnings.push(log.message)
    },
  })
  const { output } = await build.write({
    dir: directory,
    format: "esm",
    entryFileNames: "[name].mjs",
    chunkFileNames: `${chunks}[name]-[hash].mjs`,
    // Readable, because it is what stack traces point into.
    minify: "dce-only",
    comments: { legal: true, annotation: false, jsdoc: false },
  })
  await build.close()
  // Such as a package that was not found, and that would be missed at run time only.
  if (warnings.length > 0) throw new Error(warnings.join("\n"))
  const sizes = new Map<string, number>()
  const own = new Set(output.map(({ fileName }) => basename(fileName)))
  for (const file of output) {
    if (file.type !== "chunk") throw new Error(`expected nothing but JavaScript, and not ${file.fileName}`)
    const outside = [...file.imports, ...file.dynamicImports].filter(
      (name) => !isBuiltin(name) && !own.has(basename(name)),
    )
    if (outside.length > 0) throw new Error(`${file.fileName} imports what is not in the bundle: ${outside.join(", ")}`)
    sizes.set(file.fileName, Buffer.byteLength(file.code))
  }
  return sizes
}

/** The command, for a folder that has the plugins shipped with it in `plugins` beside `directory`. */
export const bundleCommand = (directory: string, root: string): Promise<Sizes> =>
  bundle("src/cli/main.ts", directory, root, "")

/** The plugin in the folder `source`, with its manifest. */
export const bundlePlugin = async (source: string, directory: string, root: string): Promise<Sizes> => {
  const sizes = await bundle(join(source, "main.ts"), directory, root)
  const manifest = JSON.parse(await readFile(join(source, "formae-plugin.json"), "utf8"))
  const text = JSON.stringify({ ...manifest, entry: "main.mjs" }, null, 2)
  await writeFile(join(directory, "formae-plugin.json"), `${text}\n`)
  return sizes
}
