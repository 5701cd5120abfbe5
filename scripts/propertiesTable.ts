/** The properties of a resource type, for docs/types.md: what each place can be, and when two values are the same. */
import type { PathTraits, TypeCapabilities } from "../src/protocol/index.ts"

const code = (value: unknown): string => `\`${JSON.stringify(value).replaceAll("|", "\\|")}\``

const listOf = (values: ReadonlyArray<unknown>): string => values.map(code).join(", ")

/** When two values at a place are the same, in words. */
const formOf = (traits: PathTraits): string => {
  const { aliases = {}, keyedBy = [], reserved = [], resolvedTo = {}, updatable = {} } = traits
  return [
    traits.policy === true ? "policy document" : "",
    traits.json === true ? "JSON, also as text" : "",
    traits.exact === true && traits.policy !== true ? "exact" : "",
    traits.exact === false ? "only what was asked for" : "",
    traits.list === true ? "one is the same as a list of it" : "",
    traits.number === true ? "number, also as text" : "",
    traits.cidr === true ? "CIDR block without host bits" : "",
    traits.ignoreCase === true ? "without regard to case" : "",
    traits.distinct === true ? "set" : traits.unordered === true ? "in any order" : "",
    keyedBy.length > 0 ? `items by ${keyedBy.join(", ")}` : "",
    traits.emptyIsAbsent === true ? "empty is absent" : "",
    traits.maybeReturned === true ? "compared where it is returned" : "",
    ...Object.entries(aliases).map(([from, to]) => `${code(from)} is ${code(to)}`),
    ...Object.entries(resolvedTo).map(([from, to]) => `${code(from)} may be ${listOf(to)}`),
    ...Object.entries(updatable).map(([from, to]) => `${code(from)} to ${listOf(to)} in place`),
    reserved.length > 0 ? `without ${listOf(reserved)}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ")
}

const mark = (is: boolean | undefined): string => (is === true ? "yes" : "")

/** Whether a path inside a property says more than that it must be given. */
const isNotable = (traits: PathTraits): boolean => Object.keys(traits).some((name) => name !== "required")

/** The table, one row for each property and for each place inside that says something of its own. */
export const propertiesTable = ({ canonicalizes, naming, paths = {}, properties, type }: TypeCapabilities): string => {
  const rows = Object.entries(properties).flatMap(([name, traits]) => {
    const inside = Object.entries(paths).filter(([path, one]) => path.startsWith(`/${name}/`) && isNotable(one))
    const { createOnly, opaque, output, required, unordered, writeOnly } = traits
    const whole: PathTraits = { unordered, ...paths[`/${name}`] }
    const places: ReadonlyArray<readonly [string, PathTraits, boolean]> = [
      [name, { required: required && name !== naming?.property, createOnly, writeOnly, output, ...whole }, opaque],
      ...inside.map(([path, one]) => [path.slice(1), one, false] as const),
    ]
    return places.map(([place, one, isSecret]) =>
      [
        `\`${place}\``,
        one.output === true ? "set by the provider" : mark(one.required),
        mark(one.createOnly),
        mark(one.writeOnly),
        mark(isSecret),
        one.default === undefined ? "" : code(one.default),
        formOf(one),
      ].join(" | "),
    )
  })
  return [
    `### \`${type}\``,
    "",
    "| property | required | create-only | write-only | secret | default | canonical form |",
    "|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
    ...(naming === undefined
      ? []
      : ["", `A document may leave out \`${naming.property}\`: then formae makes the name.`]),
    ...(canonicalizes === true ? ["", "The plugin gives further canonical forms when it is asked."] : []),
  ].join("\n")
}
