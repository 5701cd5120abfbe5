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

const parse = (file: string, source: string) => {
  const parsed = parseSync(file, source)
  assert.deepEqual(
    parsed.errors.map(({ message }) => message),
    [],
    file,
  )
  return parsed
}

/** All that a module imports: static, for its types, dynamic, and on behalf of others. */
export const importsOf = (file: string, source: string): ReadonlyArray<string> => {
  const { module } = parse(file, source)
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => source.slice(moduleRequest.start + 1, moduleRequest.end - 1)),
  ]
}

/** The texts that a module has in its code: string literals, and the fixed parts of templates. No comments. */
export const textsOf = (file: string, source: string): ReadonlyArray<string> => {
  const textsIn = (node: unknown): ReadonlyArray<string> => {
    if (typeof node !== "object" || node === null) return []
    if ("type" in node && "value" in node) {
      if (node.type === "Literal" && typeof node.value === "string") return [node.value]
      if (node.type === "TemplateElement" && hasText(node.value)) return [node.value.cooked]
    }
    return Object.values(node).flatMap(textsIn)
  }
  return textsIn(parse(file, source).program)
}

const hasText = (value: unknown): value is { readonly cooked: string } =>
  typeof value === "object" && value !== null && "cooked" in value && typeof value.cooked === "string"

/** The syntax tree of a module. */
export const parseProgram = (file: string, source: string): unknown => parse(file, source).program

/** The names that a module uses in its code, and the members of `process`. */
export const namesOf = (file: string, source: string): ReadonlyArray<string> => {
  const namesIn = (node: unknown): ReadonlyArray<string> => {
    if (typeof node !== "object" || node === null) return []
    if ("type" in node && node.type === "MemberExpression" && "object" in node && "property" in node) {
      const [object, property] = [nameOf(node.object), nameOf(node.property)]
      if (object === "process") return [`process.${property}`]
    }
    const name = nameOf(node)
    return name === undefined ? Object.values(node).flatMap(namesIn) : [name]
  }
  return namesIn(parse(file, source).program)
}

const nameOf = (node: unknown): string | undefined =>
  typeof node === "object" && node !== null && "type" in node && node.type === "Identifier" && "name" in node
    ? String(node.name)
    : undefined
