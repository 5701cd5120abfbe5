/** Prints the model of resource types as a module in TypeScript. */
import type { NamespaceModel, PropertyModel, ResourceModel } from "./ResourceModel.ts"
import type { DefinedShape, Definition } from "./Shape.ts"
import { docComment, identifierOf, indented, nameOfField, withType } from "./typeScriptSyntax.ts"
import { typeOf } from "./typeScriptTypes.ts"

/**
 * The module: for each namespace a constant, in which the type `A::B::C` is
 * `A.B.C`, and a namespace with its types. It imports `formae/protocol`.
 */
export const printTypeScript = (namespaces: ReadonlyArray<NamespaceModel>): string =>
  [
    "// Made by `formae types --typescript`. Do not edit it: make it again when a plugin has changed.",
    `import { typedResource } from "formae/protocol"`,
    ...namespaces.flatMap((model) => ["", printConstant(model), ...printNamespaces(model)]),
    "",
  ].join("\n")

/** The width of a line, less the indentation of an entry. */
const maxWidth = 116

/** The names of a type's parts: `["AWS", "S3", "Bucket"]`. */
const segmentsOf = ({ type }: ResourceModel): ReadonlyArray<string> => type.split("::")

const pathOf = (segments: ReadonlyArray<string>): string => segments.map(identifierOf).join(".")

const printConstant = (model: NamespaceModel): string => {
  const services = Map.groupBy(model.resources, (resource) => segmentsOf(resource)[1] ?? "")
  return [
    `/** The resource types of the namespace ${model.namespace}. */`,
    `export const ${identifierOf(model.namespace)} = {`,
    ...[...services].flatMap(([service, resources]) => [
      `  ${service}: {`,
      ...resources.map((resource) => indented(4, printEntry(model, resource))),
      "  },",
    ]),
    "} as const",
  ].join("\n")
}

const printEntry = ({ namespace, target }: NamespaceModel, resource: ResourceModel): string => {
  const segments = segmentsOf(resource)
  const path = pathOf(segments)
  const types = [
    `${path}.Properties`,
    `${path}.Attributes`,
    target === undefined ? `${path}.Target` : `${pathOf([namespace])}.Target`,
  ]
  const name = segments.at(-1)
  const type = JSON.stringify(resource.type)
  const call = `${name}: typedResource<${types.join(", ")}>(`
  if (call.length > maxWidth) {
    return [`${name}: typedResource<`, types.map((one) => `  ${one}`).join(",\n"), `>(${type}),`].join("\n")
  }
  const line = `${call}${type}),`
  return line.length <= maxWidth ? line : [call, `  ${type},`, "),"].join("\n")
}

const printNamespaces = (model: NamespaceModel): ReadonlyArray<string> => [
  ...(model.target === undefined ? [] : [printNamespace([model.namespace], printTarget(model.target))]),
  ...model.resources.map((resource) =>
    printNamespace(segmentsOf(resource), [
      ...printProperties(resource),
      ...(resource.target === undefined ? [] : printTarget(resource.target)),
    ]),
  ),
]

const printNamespace = (segments: ReadonlyArray<string>, members: ReadonlyArray<string>): string =>
  ["", `export declare namespace ${pathOf(segments)} {`, indented(2, members.join("\n\n")), "}"].join("\n")

const printTarget = ({ definitions, shape }: DefinedShape): ReadonlyArray<string> => [
  ["/** The config of a target. */", printDeclaration("Target", typeOf(shape, "Target"))].join("\n"),
  ...printDefinitions("Target", definitions),
]

const printProperties = ({ definitions, properties }: ResourceModel): ReadonlyArray<string> => {
  const given = properties.filter(({ traits }) => !traits.output)
  const unread = given.filter(({ traits }) => traits.writeOnly).map(({ name }) => JSON.stringify(name))
  const readable = unread.length === 0 ? "Properties" : `Omit<Properties, ${unread.join(" | ")}>`
  const outputs = properties.filter(({ traits }) => traits.output && !traits.writeOnly)
  return [
    [
      "/** What can be given. */",
      `interface Properties ${printFields(given, ({ isNamed, traits }) => traits.required && !isNamed)}`,
    ].join("\n"),
    [
      "/** What can be referred to. */",
      `interface Attributes extends Required<${readable}> ${printFields(outputs, () => true)}`,
    ].join("\n"),
    ...printDefinitions("Properties", definitions),
  ]
}

const printFields = (
  properties: ReadonlyArray<PropertyModel>,
  isRequired: (property: PropertyModel) => boolean,
): string =>
  properties.length === 0
    ? "{}"
    : [
        "{",
        ...properties.map((property) =>
          indented(
            2,
            [
              ...docComment([property.description, ...remarksOn(property)]),
              withType(
                `readonly ${nameOfField(property.name)}${isRequired(property) ? "" : "?"}:`,
                typeOf(property.shape, "Properties"),
              ),
            ].join("\n"),
          ),
        ),
        "}",
      ].join("\n")

const remarksOn = ({ place, traits }: PropertyModel): ReadonlyArray<string> => [
  ...(traits.createOnly ? [createOnlyRemark(place)] : []),
  ...(traits.opaque ? ["Secret."] : []),
  ...(traits.writeOnly ? ["Never returned by the provider."] : []),
  ...(place.default === undefined ? [] : [`Default: ${JSON.stringify(place.default)}.`]),
  ...(place.exact === true ? ["A key that was added elsewhere is taken out."] : []),
  ...(place.unordered === true ? ["The order means nothing."] : []),
  ...(place.cidr === true ? ["A block of addresses, whose host bits mean nothing."] : []),
  ...(place.ignoreCase === true ? ["Upper and lower case are the same."] : []),
  ...(place.emptyIsAbsent === true ? ["An empty value is the same as none."] : []),
]

const createOnlyRemark = ({ updatable = {} }: PropertyModel["place"]): string => {
  const exceptions = Object.entries(updatable).map(
    ([from, to]) => `${JSON.stringify(from)} to ${to.map((one) => JSON.stringify(one)).join(" or ")}`,
  )
  return exceptions.length === 0
    ? "Cannot be changed after create: a change replaces the resource."
    : `Cannot be changed after create, except from ${exceptions.join(", ")}: other changes replace the resource.`
}

/** The definitions of an interface are in the namespace of the same name. */
const printDefinitions = (owner: string, definitions: ReadonlyArray<Definition>): ReadonlyArray<string> =>
  definitions.length === 0
    ? []
    : [
        [
          `namespace ${owner} {`,
          ...definitions.map(({ name, shape }) =>
            indented(2, printDeclaration(identifierOf(name), typeOf(shape, owner))),
          ),
          "}",
        ].join("\n"),
      ]

/** An interface where the type is one of an object, because its name shows in messages of the compiler. */
const printDeclaration = (name: string, type: string): string =>
  type.startsWith("{") && type.endsWith("}") ? `interface ${name} ${type}` : withType(`type ${name} =`, type)
