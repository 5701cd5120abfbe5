/** The plugins that come with formae. */
import * as Effect from "effect/Effect"
import * as Path from "effect/Path"
import { Catalog } from "../agent/index.ts"

/** Their folder: that of a checkout, or the one beside the bundle of the command. */
export const shippedFolder = Effect.gen(function* () {
  const path = yield* Path.Path
  const here = yield* Effect.orDie(path.fromFileUrl(new URL(import.meta.url)))
  return path.resolve(path.dirname(here), here.endsWith(".ts") ? "../../plugins" : "../plugins")
})

/** None where the folder is missing, as in a bundle without plugins. */
export const shippedPlugins = Effect.flatMap(shippedFolder, (folder) =>
  Effect.map(Effect.provide(Catalog, Catalog.layerDirectories([folder])), ({ entries }) => entries),
)
