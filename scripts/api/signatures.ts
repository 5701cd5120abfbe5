/** Declarations and types as text, in short. */
import type { Node } from "typescript/unstable/ast"
import { NodeBuilderFlags, type Project, type Symbol } from "typescript/unstable/sync"

/** The text of a declaration on one line, without its comments. */
const textOf = (node: Node): string =>
  node
    .getText()
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/import\("[^"]*"\)\./g, "")
    .replaceAll(/\s+/g, " ")
    .trim()

export const declarationsOf = (project: Project, symbol: Symbol): ReadonlyArray<string> =>
  symbol.declarations.flatMap((handle) => handle.resolve(project) ?? []).map(textOf)

/** How a symbol is declared, each declaration on a line. Heads without bodies: the members are listed. */
export const signatureOf = (project: Project, symbol: Symbol): string =>
  declarationsOf(project, symbol)
    .map((text) => text.replace(/^(export )?(declare )?/, "").replace(/ extends \w+_base \{ \}$/, ""))
    .join("\n")

/** The type of a member: as it is written, or as it is inferred if a schema or a value stands there. */
export const typeTextOf = (project: Project, member: Symbol): string => {
  const declared = /^(?:static |readonly |async )*(?:get )?[\w$"~/]+(\??)(:\s*|(?=[<(]))(.*?);?$/.exec(
    declarationsOf(project, member)[0] ?? "",
  )
  const [, optional = "", , written = ""] = declared ?? []
  if (written !== "" && !/\bSchema\.|\btypeof\b/.test(written))
    return optional === "" ? written : `${written} (optional)`
  const type = project.checker.getTypeOfSymbol(member)
  return type === undefined ? "unknown" : project.checker.typeToString(type, undefined, NodeBuilderFlags.NoTruncation)
}

/** How many characters an editor shows of a type if it leaves nothing out. */
export const typeLengthOf = ({ checker }: Project, symbol: Symbol): number => {
  const type = checker.getTypeOfSymbol(symbol)
  return type === undefined ? 0 : checker.typeToString(type, undefined, NodeBuilderFlags.NoTruncation).length
}
