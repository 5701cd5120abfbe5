/** The modules of this repository, and what they import. */
import { assert } from "@effect/vitest"
import { globSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseSync } from "rolldown/utils"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** The TypeScript files in these folders, as paths below the root. */
export const typescript = (...folders: ReadonlyArray<string>) =>
  globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  )
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))

/** All that a module imports: static, for its types, dynamic, and on behalf of others. */
export const importsOf = (file: string, source: string): ReadonlyArray<string> => {
  const { errors, module } = parseSync(file, source)
  assert.deepEqual(
    errors.map(({ message }) => message),
    [],
    file,
  )
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => source.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ]
}
