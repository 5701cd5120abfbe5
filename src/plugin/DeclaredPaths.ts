/** What the schema of a type says about its properties, as the agent gets it: traits of whole properties, and of paths. */
import { escapeToken } from "effect/JsonPointer"
import type * as Schema from "effect/Schema"
import type * as SchemaAST from "effect/SchemaAST"
import type { Paths, PathTraits } from "../protocol/PathTraits.ts"
import type { PropertyTraits } from "../protocol/Resource.ts"
import { declaredTraits } from "./Property.ts"

/** The side of a schema that is JSON. */
const encodedOf = (ast: SchemaAST.AST): SchemaAST.AST => {
  const last = ast.encoding?.at(-1)
  return last === undefined ? ast : encodedOf(last.to)
}

/** A place of a schema, and what stands there. */
interface Place {
  readonly ast: SchemaAST.AST
  readonly path: string
  /** Whether the place is exact because of what is around it. */
  readonly isExact: boolean
  /** What this place is inside of: a schema that contains itself is walked once. */
  readonly around: ReadonlySet<SchemaAST.AST>
}

/** The schemas that may stand at a place: all members of a union. */
const alternatives = (ast: SchemaAST.AST, around: ReadonlySet<SchemaAST.AST>): ReadonlyArray<SchemaAST.AST> => {
  const encoded = encodedOf(ast)
  if (around.has(encoded)) return []
  const inner = new Set([...around, encoded])
  if (encoded._tag === "Union") return encoded.types.flatMap((type) => alternatives(type, inner))
  return encoded._tag === "Suspend" ? alternatives(encoded.thunk(), inner) : [encoded]
}

const isFree = (ast: SchemaAST.AST): boolean => {
  switch (ast._tag) {
    case "Objects":
      return ast.indexSignatures.length > 0
    case "Declaration":
    case "Any":
    case "Unknown":
    case "ObjectKeyword":
      return true
    default:
      return false
  }
}

const isNamed = (ast: SchemaAST.AST): boolean => ast._tag === "Objects" && ast.indexSignatures.length === 0

interface Inner {
  readonly token: string
  readonly ast: SchemaAST.AST
  readonly isField: boolean
}

const innerOf = (ast: SchemaAST.AST): ReadonlyArray<Inner> => {
  switch (ast._tag) {
    case "Objects":
      return [
        ...ast.propertySignatures.map(({ name, type }) => ({ token: String(name), ast: type, isField: true })),
        ...ast.indexSignatures.map(({ type }) => ({ token: "*", ast: type, isField: false })),
      ]
    case "Arrays":
      return [
        ...ast.elements.map((element, index) => ({ token: String(index), ast: element, isField: false })),
        ...ast.rest.map((rest) => ({ token: "*", ast: rest, isField: false })),
      ]
    default:
      return []
  }
}

interface Found {
  readonly path: string
  readonly traits: PathTraits
  readonly opaque: boolean
}

const walk = ({ around, ast, isExact, path }: Place, isField: boolean): ReadonlyArray<Found> => {
  const { opaque = false, ...declared } = declaredTraits({ ast })
  const standing = alternatives(ast, around)
  const implied =
    declared.policy === true || (standing.some(isFree) && !standing.some(isNamed))
      ? true
      : standing.some(isNamed)
        ? false
        : isExact
  const exact = declared.exact ?? implied
  const traits: PathTraits = {
    ...(isField && ast.context?.isOptional !== true && { required: true }),
    ...declared,
    ...(exact !== isExact && { exact }),
  }
  const inner = new Set([...around, ...standing])
  return [
    { path, traits, opaque },
    ...standing.flatMap((one) =>
      innerOf(one).flatMap(({ ast: next, isField: isFieldInside, token }) =>
        walk(
          { ast: next, path: `${path}/${token === "*" ? "*" : escapeToken(token)}`, isExact: exact, around: inner },
          isFieldInside,
        ),
      ),
    ),
  ]
}

/** The traits of a whole property, which agents without paths know too. */
const wholeTraits = ["required", "createOnly", "writeOnly", "opaque", "output", "unordered"] as const

const declarationsOf = (name: string, schema: Pick<Schema.Constraint, "ast">) => {
  const found = walk({ ast: schema.ast, path: `/${escapeToken(name)}`, isExact: false, around: new Set() }, true)
  const traits: PathTraits = found[0]?.traits ?? {}
  const property: PropertyTraits = {
    required: traits.required === true,
    createOnly: traits.createOnly === true,
    writeOnly: traits.writeOnly === true,
    // A seal is made of a whole property.
    opaque: found.some(({ opaque }) => opaque),
    output: traits.output === true,
    unordered: traits.unordered === true,
  }
  const paths = found.flatMap(({ path, traits: all }, index): ReadonlyArray<readonly [string, PathTraits]> => {
    const rest = index === 0 ? withoutWhole(all) : all
    return Object.keys(rest).length === 0 ? [] : [[path, rest]]
  })
  return { property, paths }
}

const withoutWhole = (traits: PathTraits): PathTraits =>
  Object.fromEntries(Object.entries(traits).filter(([name]) => !wholeTraits.some((one) => one === name)))

/** The traits of each field of a property schema, and of the paths inside them. */
export const declarationsIn = (
  fields: Schema.Struct.Fields,
): { readonly properties: Record<string, PropertyTraits>; readonly paths: Paths } => {
  const all = Object.entries(fields).map(([name, schema]) => [name, declarationsOf(name, schema)] as const)
  const paths: Record<string, PathTraits> = {}
  for (const [path, traits] of all.flatMap(([, { paths: found }]) => found)) paths[path] = { ...paths[path], ...traits }
  return { properties: Object.fromEntries(all.map(([name, { property }]) => [name, property])), paths }
}
