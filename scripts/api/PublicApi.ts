/** What formae exports, with what an editor shows of it: the kind, the signature and the docs of each symbol and member. */
import { type InterfaceType, type Project, type Symbol, SymbolFlags, type Type } from "typescript/unstable/sync"
import { type Declarations, type EntryName, entryNames, withDeclarations } from "./Declarations.ts"
import { declarationsOf, signatureOf, typeLengthOf, typeTextOf } from "./signatures.ts"

export interface Docs {
  readonly text: string
  /** The code of each `@example`. */
  readonly examples: ReadonlyArray<string>
}

export interface PublicMember {
  readonly name: string
  readonly type: string
  /** How many characters an editor shows if it leaves nothing out. */
  readonly typeLength: number
  readonly docs: Docs
  readonly isStatic: boolean
  /** Whether its name says it all: a tag, the message of an error, or a brand that only the compiler sees. */
  readonly isPlain: boolean
  /** The file in src/ that declares it. */
  readonly source: string
}

export type Kind = "service" | "error" | "class" | "schema" | "interface" | "type" | "function" | "value" | "namespace"

export interface PublicSymbol {
  /** As it is written after an import: `Agent`, `Store.layerFile`. */
  readonly name: string
  readonly kind: Kind
  readonly signature: string
  /** How many characters an editor shows of its type if it leaves nothing out; 0 for a namespace and a schema. */
  readonly typeLength: number
  readonly docs: Docs
  readonly members: ReadonlyArray<PublicMember>
  readonly source: string
}

export interface EntryPoint {
  readonly name: EntryName
  readonly symbols: ReadonlyArray<PublicSymbol>
}

const has = (symbol: Symbol, flags: SymbolFlags): boolean => (symbol.flags & flags) !== 0

const docsOf = ({ checker }: Project, symbol: Symbol): Docs => ({
  text: checker.getDocumentationCommentOfSymbol(symbol).trim(),
  examples: checker
    .getJsDocTagsOfSymbol(symbol)
    .flatMap(({ name, text }) => (name === "example" && text !== undefined ? [text.trim()] : [])),
})

/** The comment before `export * as X`. Editors show none for a namespace; the declarations carry it for those who read them. */
const namespaceDocs = (project: Project, exported: Symbol): Docs => {
  const statement = exported.declarations[0]?.resolve(project)?.parent
  const leading = statement?.getFullText().slice(0, statement.getLeadingTriviaWidth()) ?? ""
  const comment = [...leading.matchAll(/\/\*\*([\s\S]*?)\*\//g)].at(-1)?.[1] ?? ""
  return { text: comment.replaceAll(/^\s*\* ?/gm, "").trim(), examples: [] }
}

/** The shape of a service: the third type argument of `Context.Service`. */
const shapeOf = ({ checker }: Project, service: Symbol): Type | undefined => {
  const constructor = checker.getTypeOfSymbol(service)
  const shape = constructor && checker.getPropertyOfType(constructor, "Service")
  return shape && checker.getTypeOfSymbol(shape)
}

const hasProperty = ({ checker }: Project, type: Type | undefined, name: string): boolean =>
  type !== undefined && checker.getPropertyOfType(type, name) !== undefined

const isService = (project: Project, symbol: Symbol): boolean =>
  hasProperty(project, project.checker.getTypeOfSymbol(symbol), "Service")

const isSchema = (project: Project, symbol: Symbol): boolean =>
  has(symbol, SymbolFlags.Value) && hasProperty(project, project.checker.getTypeOfSymbol(symbol), "ast")

const isError = (project: Project, symbol: Symbol): boolean =>
  hasProperty(project, project.checker.getDeclaredTypeOfSymbol(symbol), "stack")

const kindOf = (project: Project, symbol: Symbol): Kind => {
  if (has(symbol, SymbolFlags.ValueModule)) return "namespace"
  if (has(symbol, SymbolFlags.Class)) {
    if (isService(project, symbol)) return "service"
    if (isError(project, symbol)) return "error"
    return isSchema(project, symbol) ? "schema" : "class"
  }
  const isType = has(symbol, SymbolFlags.Interface | SymbolFlags.TypeAlias)
  if (isType) {
    if (isSchema(project, symbol)) return "schema"
    return has(symbol, SymbolFlags.Interface) ? "interface" : "type"
  }
  if (has(symbol, SymbolFlags.Function)) return "function"
  if (isSchema(project, symbol)) return "schema"
  const type = project.checker.getTypeOfSymbol(symbol)
  return type && project.checker.getSignaturesOfType(type, 0).length > 0 ? "function" : "value"
}

/** The fields that tell the cases of a union apart. */
const tagNames = ["_tag", "status", "op"]

const tagOf = ({ checker }: Project, tag: Symbol): string | undefined => {
  const type = checker.getTypeOfSymbol(tag)
  return type?.isStringLiteralType() === true ? String(type.value) : undefined
}

const isTag = (project: Project, member: Symbol): boolean =>
  tagNames.includes(member.name) && tagOf(project, member) !== undefined

const isPrivate = (project: Project, member: Symbol): boolean =>
  declarationsOf(project, member).some((text) => text.startsWith("private "))

const isNamed = (type: Type): type is InterfaceType => type.isClassOrInterface()

/** The object types that a declaration spells out itself. A union of named types leaves them to their own entries. */
const spelledOut = (type: Type): ReadonlyArray<Type> => {
  if (type.isUnionType()) return type.getTypes().filter((part) => part.isObjectType() && !isNamed(part))
  return type.isObjectType() || type.isIntersectionType() ? [type] : []
}

const membersOf = (declarations: Declarations, symbol: Symbol, kind: Kind): ReadonlyArray<PublicMember> => {
  const { project, sourceOf } = declarations
  const { checker } = project
  if (kind === "namespace") return []

  const member = (isStatic: boolean, prefix: string) => (property: Symbol) => {
    const source = sourceOf(property)
    if (source === undefined || property.name === "prototype" || isPrivate(project, property)) return []
    const isPlain =
      isTag(project, property) || property.name.startsWith("~") || (kind === "error" && property.name === "message")
    const name = prefix + property.name
    const [type, typeLength] = [typeTextOf(project, property), typeLengthOf(project, property)]
    return [{ name, type, typeLength, docs: docsOf(project, property), isStatic, isPlain, source }]
  }
  const members = (type: Type | undefined, isStatic: boolean, prefix = "") =>
    type === undefined ? [] : checker.getPropertiesOfType(type).flatMap(member(isStatic, prefix))

  const value = has(symbol, SymbolFlags.Value) ? checker.getTypeOfSymbol(symbol) : undefined
  const isSpelledOut =
    has(symbol, SymbolFlags.Class) || (kind !== "schema" && value?.isObjectType() === true && !isNamed(value))
  const statics = isSpelledOut ? members(value, true) : []
  if (kind === "service") return [...members(shapeOf(project, symbol), false), ...statics]
  if (!has(symbol, SymbolFlags.Class | SymbolFlags.Interface | SymbolFlags.TypeAlias)) return statics
  const parts = spelledOut(checker.getDeclaredTypeOfSymbol(symbol))
  return [...parts.flatMap((part) => members(part, false, parts.length > 1 ? prefixOf(project, part) : "")), ...statics]
}

/** `Began.` for the part of a union whose tag is `Began`. */
const prefixOf = (project: Project, part: Type): string => {
  const [tag] = tagNames.flatMap((name) => project.checker.getPropertyOfType(part, name) ?? [])
  const value = tag && tagOf(project, tag)
  return value === undefined ? "" : `${value}.`
}

const symbolsOf = (declarations: Declarations, module: Symbol, prefix: string): ReadonlyArray<PublicSymbol> => {
  const { project, sourceOf } = declarations
  const { checker } = project
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = has(exported, SymbolFlags.Alias) ? checker.getAliasedSymbol(exported) : exported
    const source = sourceOf(symbol)
    if (source === undefined) return []
    const kind = kindOf(project, symbol)
    const name = prefix + exported.name
    const docs = kind === "namespace" ? namespaceDocs(project, exported) : docsOf(project, symbol)
    const members = membersOf(declarations, symbol, kind)
    const isShown = kind === "function" || kind === "value"
    const typeLength = isShown ? typeLengthOf(project, symbol) : 0
    const itself = { name, kind, signature: signatureOf(project, symbol), typeLength, docs, members, source }
    return kind === "namespace" ? [itself, ...symbolsOf(declarations, symbol, `${name}.`)] : [itself]
  })
}

/** The entry points. */
export const publicApiOf = (declarations: Declarations): ReadonlyArray<EntryPoint> =>
  entryNames.map((name) => ({ name, symbols: symbolsOf(declarations, declarations.moduleOf(name), "") }))

/** Reads the entry points, from the declarations that the package ships. Takes about two seconds. */
export const readPublicApi = (): ReadonlyArray<EntryPoint> => withDeclarations(publicApiOf)
