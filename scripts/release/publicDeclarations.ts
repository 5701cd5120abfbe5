/** The declarations that a host can come to. Those of the inside, which no export leads to, would only make the package larger. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { Exports } from "./cleanExports.ts"

/** What a declaration imports from files beside it, as it is written there: `./Plan.ts` or `./Plan.js`. */
export const importsOf = (declaration: string): ReadonlyArray<string> =>
  [...declaration.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g)].flatMap(([, file]) => file ?? [])

/** The types that the entries of package.json's `exports` name, as paths in the package. */
const entriesOf = (exports: Exports): ReadonlyArray<string> =>
  exports === undefined || typeof exports === "string"
    ? []
    : Object.entries(exports).flatMap(([condition, target]) =>
        condition === "types" && typeof target === "string" ? [target] : entriesOf(target),
      )

/** Removes from `dist` in the package at `root` each declaration that no export leads to. */
export const removeInnerDeclarations = Effect.fnUntraced(function* (root: string, exports: Exports) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const reached = new Set<string>()
  const next = entriesOf(exports).map((file) => path.join(root, file))
  for (let file = next.pop(); file !== undefined; file = next.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    const folder = path.dirname(file)
    const imported = importsOf(yield* fs.readFileString(file))
    next.push(...imported.map((name) => path.join(folder, name.replace(/\.[jt]s$/, ".d.ts"))))
  }
  const dist = path.join(root, "dist")
  const declarations = (yield* fs.readDirectory(dist, { recursive: true })).filter((file) => file.endsWith(".d.ts"))
  const inner = declarations.map((file) => path.join(dist, file)).filter((file) => !reached.has(file))
  yield* Effect.forEach(inner, (file) => fs.remove(file), { discard: true })
})
