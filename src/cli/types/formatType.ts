/** A resource type, as lines: what can be said of each property, and an example. */
import { stringify } from "yaml"
import type { TypeCapabilities } from "../../protocol/index.ts"
import { formatTable } from "../formatTable.ts"
import { modelOf, type PropertyModel } from "../generate/ResourceModel.ts"
import { type Line, span } from "../Line.ts"
import type { ExampleDocument } from "./exampleDocument.ts"
import { shapeWords } from "./shapeWords.ts"

/** What is known of a property, for people and as JSON. */
export interface ShownProperty {
  readonly name: string
  /** The shape of its value, in words. */
  readonly value: string
  readonly required: boolean
  /** A name that formae makes where the document leaves it out. */
  readonly named: boolean
  readonly createOnly: boolean
  readonly writeOnly: boolean
  readonly secret: boolean
  readonly output: boolean
  /** What the provider takes where nothing is given. */
  readonly default?: PropertyModel["place"]["default"]
  readonly description?: string
}

export interface ShownType {
  readonly type: string
  readonly idempotency: TypeCapabilities["idempotency"]
  readonly listable: boolean
  readonly recoverable: boolean
  readonly properties: ReadonlyArray<ShownProperty>
  /** Null where none can be made from the schemas. */
  readonly example: ExampleDocument | null
}

const textOfList = (example: ExampleDocument): string => stringify(example, { lineWidth: 0 })

export const shownType = (capabilities: TypeCapabilities, example: ExampleDocument | undefined): ShownType => {
  const { idempotency, listable, recoverable, type } = capabilities
  const resource = modelOf([capabilities])[0]?.resources[0]
  const properties = (resource?.properties ?? []).map(
    ({ description, isNamed, name, place, shape, traits }): ShownProperty => ({
      name,
      value: shapeWords(shape, resource?.definitions),
      required: traits.required && !isNamed,
      named: isNamed,
      createOnly: traits.createOnly,
      writeOnly: traits.writeOnly,
      secret: traits.opaque,
      output: traits.output,
      ...(place.default === undefined ? {} : { default: place.default }),
      ...(description === undefined ? {} : { description }),
    }),
  )
  return { type, idempotency, listable, recoverable, properties, example: example ?? null }
}

/** What must be done about it comes first. */
const traitsOf = (one: ShownProperty): string =>
  [
    one.required && !one.output ? "required" : "",
    one.named ? "formae makes it if it is left out" : "",
    one.output ? "set by the provider" : "",
    one.createOnly ? "a change replaces the resource" : "",
    one.secret ? "secret" : "",
    one.writeOnly ? "never read back" : "",
    one.default === undefined ? "" : `default ${JSON.stringify(one.default)}`,
  ]
    .filter((trait) => trait !== "")
    .join("; ")

export const formatType = ({ example, properties, type }: ShownType, width?: number): ReadonlyArray<Line> => [
  [span(type)],
  "",
  ...formatTable(
    [
      { title: "property", shrink: "cut" },
      { title: "value", shrink: "wrap" },
      { title: "notes", shrink: "wrap" },
    ],
    properties.map((one) => [one.name, one.value, traitsOf(one)]),
    width,
  ),
  "",
  ...(example === null
    ? ["No example can be made from its schema"]
    : [
        "An example:",
        "",
        ...textOfList(example)
          .trimEnd()
          .split("\n")
          .map((line): Line => [span(line)]),
      ]),
]

/** The types of each namespace, in alphabetical order. */
export const formatTypes = (types: ReadonlyArray<string>): ReadonlyArray<Line> => {
  const byNamespace = Map.groupBy(types.toSorted(), (type) => type.split("::")[0] ?? "")
  return [...byNamespace].flatMap(([namespace, members], index): ReadonlyArray<Line> => [
    ...(index === 0 ? [] : [""]),
    [span(namespace)],
    ...members.map((one): Line => [span(`  ${one}`)]),
  ])
}
