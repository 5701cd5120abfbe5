/**
 * Bundles a plugin: `main.js`, and beside it a chunk for whatever is imported
 * at its first use, so that a start compiles only what it runs.
 */
import { isBuiltin } from "node:module"
import { basename } from "node:path"
import { rolldown } from "rolldown"

/** Writes the bundle of `entry` to `directory`; returns the size of each of its files in bytes. Throws with a sentence. */
export const bundlePlugin = async (
  entry: string,
  directory: string,
  root: string,
): Promise<ReadonlyMap<string, number>> => {
  const warnings: Array<string> = []
  const build = await rolldown({
    input: { main: entry },
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
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
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
