/**
 * Bundles a program, the command or a plugin: `main.mjs`, which is what a start
 * runs (see starter.ts), and chunks: the program, and whatever it imports at
 * its first use, so that a start reads only what it needs.
 */
import { readFile, writeFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const starter = fileURLToPath(new URL("starter.ts", import.meta.url))

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
    input: { program: entry },
    cwd: root,
    platform: "node",
    resolve: { conditionNames: ["formae-source", "node", "import"] },
    onLog: (level, log) => {
      // Effect looks for `import.meta.env`, which Node has not; its `url` is put in the place of it.
      if (level === "warn" && log.code !== "EMPTY_IMPORT_META") warnings.push(log.message)
    },
  })
  const { output } = await build.write({
    dir: directory,
    // What is compiled of a script can be kept after it has run, and of an ES module only before.
    format: "cjs",
    entryFileNames: `${chunks}[name]-[hash].cjs`,
    chunkFileNames: `${chunks}[name]-[hash].cjs`,
    // Readable, because it is what stack traces point into.
    minify: "dce-only",
    comments: { legal: true, annotation: false, jsdoc: false },
  })
  await build.close()
  await writeStarter(directory, output.find((file) => file.type === "chunk" && file.isEntry)?.fileName ?? "")
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

const writeStarter = async (directory: string, program: string): Promise<void> => {
  const build = await rolldown({
    input: starter,
    platform: "node",
    transform: { define: { PROGRAM: JSON.stringify(program) } },
  })
  await build.write({ file: join(directory, "main.mjs"), format: "esm", minify: "dce-only" })
  await build.close()
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
