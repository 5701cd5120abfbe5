/** The types of ours that a public signature names, and that nobody can import. */
import { type Node, SyntaxKind } from "typescript/unstable/ast"
import { type Symbol, SymbolFlags } from "typescript/unstable/sync"
import { type Declarations, entryNames } from "./Declarations.ts"

const namedTypes = SymbolFlags.Class | SymbolFlags.Interface | SymbolFlags.TypeAlias | SymbolFlags.Enum

const identifiersIn = (node: Node): ReadonlyArray<Node> => {
  const found: Array<Node> = []
  const visit = (one: Node): void => {
    if (one.kind === SyntaxKind.Identifier) found.push(one)
    one.forEachChild(visit)
  }
  visit(node)
  return found
}

/** The variable of the compiler's that has the type of what a class extends. */
const isBase = ({ flags, name }: Symbol): boolean =>
  (flags & SymbolFlags.BlockScopedVariable) !== 0 && name.endsWith("_base")

/** Returns `SOURCE: TYPE, in NAME` for each. A value that is not exported is no matter: editors write its type out. */
export const unexportedTypesOf = ({ moduleOf, project, sourceOf }: Declarations): ReadonlyArray<string> => {
  const { checker } = project
  const resolved = (symbol: Symbol) =>
    (symbol.flags & SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
  const placeOf = (symbol: Symbol) => `${sourceOf(symbol)}: ${symbol.name}`

  const exportsOf = (module: Symbol): ReadonlyArray<Symbol> =>
    checker.getExportsOfModule(module).flatMap((one) => {
      const symbol = resolved(one)
      if (sourceOf(symbol) === undefined) return []
      return (symbol.flags & SymbolFlags.ValueModule) === 0 ? [symbol] : exportsOf(symbol)
    })
  const exported = new Map(entryNames.flatMap((entry) => exportsOf(moduleOf(entry))).map((one) => [placeOf(one), one]))

  const usedBy = (symbol: Symbol): ReadonlyArray<Symbol> => {
    const nodes = symbol.declarations.flatMap((handle) => handle.resolve(project) ?? []).flatMap(identifiersIn)
    const used = nodes.length === 0 ? [] : checker.getSymbolAtLocation(nodes)
    return used.flatMap((one) => {
      const named = one && resolved(one)
      if (named === undefined || named.name === symbol.name || sourceOf(named) === undefined) return []
      if (isBase(named)) return usedBy(named)
      return (named.flags & namedTypes) === 0 ? [] : [named]
    })
  }
  const found = [...exported.values()].flatMap((symbol) =>
    usedBy(symbol)
      .map(placeOf)
      .filter((place) => !exported.has(place))
      .map((place) => `${place}, in ${symbol.name}`),
  )
  return [...new Set(found)].toSorted()
}
