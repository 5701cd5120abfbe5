/**
 * Bundles a program, which is the command or a plugin. A start runs `main.mjs`
 * (see starter.ts). The program and what it imports only at its first use are in
 * chunks, so that a start reads only what it needs.
 */
import { isAscii } from "node:buffer"
import { readFile, writeFile } from "node:fs/promises"
import { isBuiltin } from "node:module"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type OutputChunk, rolldown } from "rolldown"
import { inject, soonerStart } from "./bundled/soonerStart.ts"
import { formatLicenses, licenseObjections } from "./release/Licensed.ts"
import { readLicensed } from "./release/readLicensed.ts"

const starter = fileURLToPath(new URL("starter.ts", import.meta.url))

/** The size of each file in bytes. */
export type Sizes = ReadonlyMap<string, number>

/**
 * Writes the bundle of `entry` into `directory`. Throws an error whose message
 * says what is wrong with the program.
 *
 * The chunks are in a folder of their own in `directory`. The command has them
 * beside `main.mjs`, because it finds what is shipped with it from its own path.
 */
export const bundle = async (entry: string, directory: string, root: string, isCommand = false): Promise<Sizes> => {
  const program = await bundleProgram(entry, "program", directory, root, isCommand ? "" : "chunks/")
  // By itself: what it had in common with the program would be in a chunk of its own, and slower to reach for both.
  const version = isCommand ? await bundleProgram(versionEntry, "version", directory, root, "") : undefined
  const output = [...program, ...(version ?? [])]
  const sizes = new Map(output.map(({ code, fileName }) => [fileName, Buffer.byteLength(code)]))
  await writeStarter(directory, fileNameOf(program), fileNameOf(version ?? program), isCommand)
  await writeLicenses(directory, new Set(output.flatMap(({ moduleIds }) => moduleIds)))
  return sizes
}

/** What the command starts for its version alone. */
const versionEntry = "src/cli/printVersion.ts"

const fileNameOf = ([first]: ReadonlyArray<OutputChunk>): string => first?.fileName ?? ""

/** Writes the chunks of one program, that of its entry first. */
const bundleProgram = async (
  entry: string,
  name: string,
  directory: string,
  root: string,
  chunks: string,
): Promise<ReadonlyArray<OutputChunk>> => {
  const warnings: Array<string> = []
  const build = await rolldown({
    input: { [name]: entry },
    cwd: root,
    platform: "node",
    resolve: { conditionNames: ["formae-source", "node", "import"] },
    // Effect reads it, and of `import.meta` CommonJS has only the URL.
    transform: { define: { "import.meta.env": "undefined" }, inject },
    plugins: [soonerStart],
    // Else it has the paths of its modules, which are others in each place where it is built.
    experimental: { attachDebugInfo: "none" },
    onLog: (level, log) => {
      if (level === "warn") warnings.push(log.message)
    },
  })
  const written = build.write({
    dir: directory,
    // The compiled code of a script can be kept after it has run, that of an ES module only before.
    format: "cjs",
    dynamicImportInCjs: false,
    // What each start needs is one chunk: in CommonJS each use of what another chunk exports calls a getter.
    codeSplitting: { groups: [{ name, tags: ["$initial"] }] },
    entryFileNames: `${chunks}[name]-[hash].cjs`,
    chunkFileNames: `${chunks}[name]-[hash].cjs`,
    // V8 holds a text with one other character in two bytes for each, and it takes longer to decode.
    charset: "ascii",
    // Kept readable, because stack traces point into it.
    minify: "dce-only",
    comments: { legal: true, annotation: false, jsdoc: false },
  })
  const { output } = await written.catch((cause: unknown) => {
    throw String(cause).includes("INVALID_TLA_FORMAT")
      ? new Error(`${entry} cannot be bundled: it awaits at the top of a module, which a script cannot`, { cause })
      : cause
  })
  await build.close()
  // For example a package that was not found, which would otherwise fail only at run time.
  if (warnings.length > 0) throw new Error(warnings.join("\n"))
  const own = new Set(output.map(({ fileName }) => basename(fileName)))
  return output.map((file) => {
    if (file.type !== "chunk") throw new Error(`the bundle has a file that is not JavaScript: ${file.fileName}`)
    // The starter reads it as what has one byte for each character.
    if (!isAscii(Buffer.from(file.code))) throw new Error(`${file.fileName} has characters that are not ASCII`)
    const outside = [...file.imports, ...file.dynamicImports].filter(
      (name) => !isBuiltin(name) && !own.has(basename(name)),
    )
    if (outside.length > 0) throw new Error(`${file.fileName} imports what is not in the bundle: ${outside.join(", ")}`)
    return file
  })
}

const writeStarter = async (directory: string, program: string, version: string, isCommand: boolean): Promise<void> => {
  const build = await rolldown({
    input: starter,
    platform: "node",
    experimental: { attachDebugInfo: "none" },
    transform: {
      define: {
        PROGRAM: JSON.stringify(program),
        VERSION_PROGRAM: JSON.stringify(version),
        IS_COMMAND: String(isCommand),
      },
    },
  })
  await build.write({ file: join(directory, "main.mjs"), format: "esm", minify: "dce-only", comments: false })
  await build.close()
}

/** The folder of the package that a module belongs to. */
const packageOf = (module: string): string | undefined =>
  /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0]

/** Writes LICENSES.txt, because most licenses must be passed on with the code. Throws if one does not allow that. */
const writeLicenses = async (directory: string, modules: ReadonlySet<string>): Promise<void> => {
  const folders = new Set([...modules].map(packageOf).filter((folder) => folder !== undefined))
  const packages = await Promise.all([...folders].toSorted().map(readLicensed))
  const objections = licenseObjections(packages)
  if (objections.length > 0) throw new Error(objections.join("\n"))
  await writeFile(join(directory, "LICENSES.txt"), formatLicenses(packages))
}

/** Bundles the command. The plugins that are shipped with it are in `plugins` beside `directory`. */
export const bundleCommand = (directory: string, root: string): Promise<Sizes> =>
  bundle("src/cli/main.ts", directory, root, true)

/** Bundles the plugin in the folder `source`, with its manifest. */
export const bundlePlugin = async (source: string, directory: string, root: string): Promise<Sizes> => {
  const sizes = await bundle(join(source, "main.ts"), directory, root)
  const manifest = JSON.parse(await readFile(join(source, "formae-plugin.json"), "utf8"))
  const text = JSON.stringify({ ...manifest, entry: "main.mjs" }, null, 2)
  await writeFile(join(directory, "formae-plugin.json"), `${text}\n`)
  return sizes
}
