/** Bundles the plugins in a process of its own: a bundler takes hundreds of mebibytes, and gives few of them back. */
import { bundlePlugins } from "./compilePrograms.ts"

await bundlePlugins(process.argv[2] ?? ".")
