import * as Effect from "effect/Effect"
import { Catalog, type CatalogEntry } from "../../../agent/catalog/Catalog.ts"
import { PluginUnusable } from "./PluginUnusable.ts"

/** The only plugin of the catalog, which was read from `directory`. */
export const findPlugin = Effect.fnUntraced(function* (
  directory: string,
): Effect.fn.Return<CatalogEntry, PluginUnusable, Catalog> {
  const { entries, rejected } = yield* Catalog
  const [entry] = entries
  if (entry !== undefined && entries.length === 1) return entry
  const [refused] = rejected
  return yield* new PluginUnusable({
    message:
      entries.length > 1
        ? `${directory} holds ${entries.length} plugins: name the folder of one of them`
        : refused === undefined
          ? `${directory} is not a plugin: it has no formae-plugin.json`
          : `${refused.path}: ${refused.reason}`,
  })
})
