/** Bundles the plugins into the folder that is its argument: for a caller that must not keep the hundreds of mebibytes that a bundler takes. */
import { bundlePlugins } from "./bundlePlugins.ts"

await bundlePlugins(process.argv[2] ?? ".")
