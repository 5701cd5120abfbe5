/** Shapes as types of TypeScript. */
import { Shape } from "./Shape.ts"
import { docComment, identifierOf, indented, nameOfField, withType } from "./typeScriptSyntax.ts"

/** Longer unions have a line for each member. */
const maxWidth = 90

/** The type of a shape. Definitions are in the namespace `owner`. */
export const typeOf = (shape: Shape, owner: string): string => {
  const print = (inner: Shape): string => typeOf(inner, owner)
  return Shape.$match(shape, {
    // What is not known is not checked: a reference to it is accepted everywhere.
    Any: () => "any",
    Text: () => "string",
    Number: () => "number",
    Integer: () => "number",
    Boolean: () => "boolean",
    Null: () => "null",
    Literals: ({ values }) => joined(values.map((value) => JSON.stringify(value))),
    List: ({ item }) => `ReadonlyArray<${print(item)}>`,
    Tuple: ({ items, required, rest }) => {
      const types = items.map((item, index) => (index < required ? print(item) : `(${print(item)})?`))
      return `readonly [${[...types, ...(rest === undefined ? [] : [`...ReadonlyArray<${print(rest)}>`])].join(", ")}]`
    },
    Fields: ({ fields, rest }) => {
      const lines = fields.map(({ description, name, required, shape: field }) =>
        [
          ...docComment([description]),
          withType(`readonly ${nameOfField(name)}${required ? "" : "?"}:`, print(field)),
        ].join("\n"),
      )
      // A type cannot say that it applies to the other fields alone.
      const others = rest === undefined ? [] : [`readonly [name: string]: ${fields.length > 0 ? "any" : print(rest)}`]
      return lines.length + others.length === 0
        ? "{}"
        : ["{", indented(2, [...lines, ...others].join("\n")), "}"].join("\n")
    },
    Union: ({ members }) => (members.length === 0 ? "never" : joined(members.map(print))),
    Intersection: ({ members }) => members.map((member) => grouped(print(member))).join(" & "),
    Named: ({ name }) => `${owner}.${identifierOf(name)}`,
  })
}

const joined = (members: ReadonlyArray<string>): string => {
  const distinct = [...new Set(members)]
  const line = distinct.join(" | ")
  if (distinct.length < 2 || (line.length <= maxWidth && !line.includes("\n"))) return line
  return `\n${distinct.map((member) => `  | ${indented(4, member).trimStart()}`).join("\n")}`
}

const grouped = (type: string): string => (/ \| |^\n/.test(type) ? `(${type})` : type)
