/** What the comments of a schema say of the fields that can be reached from it. */
import { type Project, type Symbol, SymbolFlags, type Type } from "typescript/unstable/sync"
import type { Declarations } from "./Declarations.ts"

/** The comment of a field. `root` is a type that `formae/agent` or `formae/protocol` exports, `path` leads to the field. Throws where there is none. */
export type FieldDocs = (root: string, path: ReadonlyArray<string>) => string

/** What an optional field has where it is there. */
const present = (type: Type): Type =>
  type.isUnionType() ? (type.getTypes().find((one) => one.isObjectType() || one.isIntersectionType()) ?? type) : type

const fieldOf = ({ checker }: Project, type: Type | undefined, name: string): Symbol | undefined =>
  type === undefined ? undefined : checker.getPropertyOfType(present(type), name)

export const fieldDocsOf = ({ moduleOf, project }: Declarations): FieldDocs => {
  const { checker } = project
  const exported = new Map(
    (["protocol", "agent"] as const)
      .flatMap((entry) => checker.getExportsOfModule(moduleOf(entry)))
      .map((one) => [one.name, one]),
  )
  return (root, path) => {
    const symbol = exported.get(root)
    if (symbol === undefined) throw new Error(`there is no exported ${root}`)
    const isAlias = (symbol.flags & SymbolFlags.Alias) !== 0
    let type: Type | undefined = checker.getDeclaredTypeOfSymbol(isAlias ? checker.getAliasedSymbol(symbol) : symbol)
    let field: Symbol | undefined
    for (const name of path) {
      field = fieldOf(project, type, name)
      type = field === undefined ? undefined : checker.getTypeOfSymbol(field)
    }
    const text = field === undefined ? "" : checker.getDocumentationCommentOfSymbol(field).trim()
    if (text === "") throw new Error(`${[root, ...path].join(".")} has no comment`)
    return text
  }
}
