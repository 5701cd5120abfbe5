/** Checks a forma against the capabilities of its plugins. */
import { formatIssue, type LocatedIssue } from "../../protocol/Issue.ts"
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { checkIgnored } from "./IgnoredPlaces.ts"
import { missingName } from "./MadeName.ts"
import type { FormaDocument, FormaIssue, FormaResource } from "./FormaDocument.ts"
import { withLiteralsOpened } from "./Expression.ts"
import { knownNames, listNames, nearestName } from "./nearestName.ts"
import { findReferences, isReference, type Reference } from "./References.ts"
import { objectionToReference } from "./ReferredProperty.ts"
import type { CheckSchema, SchemaFindings } from "./SchemaCheck.ts"
import { writeHere } from "./schema/writeHere.ts"

type Find = (type: FormaResource["type"]) => TypeCapabilities | undefined

/** A schema that takes too much work to be checked here as a whole. */
export interface GivenUp {
  readonly type: FormaResource["type"]
  readonly schema: Properties
  /** Where in the value the check ended, such as `properties.Name`. */
  readonly at: FormaIssue["path"]
}

/** What types say of a forma. */
export interface TypeFindings {
  readonly issues: ReadonlyArray<FormaIssue>
  /** What is wrong only if formats count. */
  readonly doubts: ReadonlyArray<FormaIssue>
  readonly givenUp: ReadonlyArray<GivenUp>
}

/** A check of a part of a type (`properties`), whose value is at a place of the forma. */
type CheckAt = (type: FormaResource["type"], part: string, at: FormaIssue["path"]) => CheckSchema

/** Checks types, properties and target configs against the capabilities of the plugins. */
export const checkTypes = (
  forma: FormaDocument,
  find: Find,
  knownTypes: (type: FormaResource["type"]) => ReadonlyArray<string>,
  check: CheckSchema,
): TypeFindings => {
  const { resources } = forma
  const typeOf = new Map(resources.map(({ label, type }) => [label, type]))
  const givenUp: Array<GivenUp> = []
  const doubts = new Map<string, FormaIssue>()
  const checkNoting: CheckAt = (type, part, at) => (schema, value, references) => {
    const findings = check(schema, value, references)
    if (findings.givenUpAt !== undefined) givenUp.push({ type, schema, at: [part, ...findings.givenUpAt] })
    for (const doubt of findings.doubts.map(within(at, type))) doubts.set(formatIssue(doubt), doubt)
    return findings
  }
  const inTargets = checkTargetConfigs(forma, find, checkNoting)
  const inResources = resources.flatMap((resource, index): Array<FormaIssue> => {
    const at = ["resources", index]
    const capabilities = find(resource.type)
    if (capabilities === undefined) {
      return [{ path: [...at, "type"], message: unknownType(resource.type, knownTypes(resource.type)) }]
    }
    const found = findReferences(resource.properties ?? {})
    const references = found.filter(isReference)
    return [
      ...checkProperties(resource, capabilities, at),
      ...checkIgnored(resource, capabilities, at),
      ...checkValues(
        resource,
        capabilities,
        found,
        checkNoting(resource.type, "properties", [...at, "properties"]),
      ).map(within([...at, "properties"], resource.type)),
      ...references.flatMap((reference) => {
        const type = typeOf.get(reference.label)
        const referred = type === undefined ? undefined : find(type)
        const message = referred && objectionToReference(reference, referred)
        return message === undefined ? [] : [{ path: [...at, "properties", ...reference.at], message }]
      }),
    ]
  })
  const inOutputs = findReferences(forma.outputs ?? {}).flatMap((found) => {
    const type = isReference(found) ? typeOf.get(found.label) : undefined
    const referred = type === undefined ? undefined : find(type)
    const message = referred && isReference(found) ? objectionToReference(found, referred) : undefined
    return message === undefined ? [] : [{ path: ["outputs", ...found.at], message }]
  })
  return { issues: [...inTargets, ...inResources, ...inOutputs], doubts: [...doubts.values()], givenUp }
}

/** Types of one namespace are alike in it, and so are compared without it; those of the same service are listed first. */
const unknownType = (type: FormaResource["type"], known: ReadonlyArray<string>): string => {
  const [namespace = "", service = ""] = type.split("::")
  const inside = (one: string) => one.slice(namespace.length + 2)
  const nearest = nearestName(inside(type), known.map(inside))
  const isNear = (one: string) => one.startsWith(`${namespace}::${service}::`)
  const listed = [...known.filter(isNear), ...known.filter((one) => !isNear(one))]
  const meant =
    nearest === undefined ? listNames("types that it serves", listed) : `did you mean ${namespace}::${nearest}?`
  return `the plugin does not know the type ${type}; ${meant}`
}

/** Checks each target by the schemas of the types that live there. The same issue from several types is reported once. */
const checkTargetConfigs = (
  { resources, targets }: FormaDocument,
  find: Find,
  check: CheckAt,
): ReadonlyArray<FormaIssue> =>
  Object.entries(targets).flatMap(([name, { config = {} }]) => {
    const types = new Set(resources.filter(({ target }) => target === name).map(({ type }) => type))
    const at = ["targets", name, "config"]
    const issues = [...types].flatMap((type) => {
      const schema = find(type)?.targetSchema
      return schema === undefined ? [] : check(type, "target config", at)(schema, config).issues.map(within(at, type))
    })
    return [...new Map(issues.map((issue) => [formatIssue(issue), issue])).values()]
  })

/** Checks the values of the properties that the type has and that can be given. The others are reported elsewhere. */
const checkValues = (
  { properties = {} }: FormaResource,
  capabilities: TypeCapabilities,
  unknown: ReadonlyArray<Pick<Reference, "at">>,
  check: CheckSchema,
): ReadonlyArray<LocatedIssue> => {
  const { properties: traits, schema = {} } = capabilities
  // A name that will be made is not known yet, as what a reference stands for.
  const made = missingName(capabilities, properties)
  const given: Properties = Object.fromEntries([
    ...Object.entries(properties).flatMap(([name, value]) =>
      Object.hasOwn(traits, name) && traits[name]?.output !== true ? [[name, withLiteralsOpened(value)] as const] : [],
    ),
    ...made.map((name) => [name, null] as const),
  ])
  const at = [...unknown.map(({ at }) => at), ...made.map((name) => [name])]
  const issues = withoutOutputs(check(schema, given, at), traits, (outputs) =>
    check(schema, { ...given, ...Object.fromEntries(outputs.map((name) => [name, null])) }, [
      ...at,
      ...outputs.map((name) => [name]),
    ]),
  )
  // That a required property is missing is said by its traits, and one that the type does not have cannot be given.
  return issues.filter(({ path: [name] }) => {
    const known = name === undefined || Object.hasOwn(given, name)
    return known || traits[String(name)]?.required === false
  })
}

/** The issues that hold whether the provider has set the outputs or not, and whatever they are. */
const withoutOutputs = (
  { issues }: SchemaFindings,
  traits: TypeCapabilities["properties"],
  checkWith: (outputs: ReadonlyArray<string>) => SchemaFindings,
): ReadonlyArray<LocatedIssue> => {
  const outputs = Object.keys(traits).filter((name) => traits[name]?.output === true)
  if (issues.length === 0 || outputs.length === 0) return issues
  const others = new Set(checkWith(outputs).issues.map(formatIssue))
  return issues.filter((issue) => others.has(formatIssue(issue)))
}

const within =
  (at: FormaIssue["path"], type: FormaResource["type"]) =>
  ({ message, path }: LocatedIssue): FormaIssue => ({
    path: [...at, ...path.map((key) => (typeof key === "symbol" ? String(key) : key))],
    message,
    type,
  })

const checkProperties = (
  { properties = {}, type }: FormaResource,
  capabilities: TypeCapabilities,
  at: ReadonlyArray<string | number>,
): Array<FormaIssue> => {
  const given = Object.keys(properties).flatMap((name): Array<FormaIssue> => {
    const traits = ownValue(capabilities.properties, name)
    const path = [...at, "properties", name]
    if (traits === undefined) {
      const known = Object.keys(capabilities.properties).filter((one) => !capabilities.properties[one]?.output)
      return [
        {
          path,
          message: `${type} has no property ${name}; ${knownNames(name, "properties that it takes", known)}`,
          type,
        },
      ]
    }
    return traits.output ? [{ path, message: `${name} is set by the provider and cannot be given; take it out` }] : []
  })
  const made = missingName(capabilities, properties)
  const schemas = capabilities.schema?.["properties"]
  const missing = Object.entries(capabilities.properties)
    .filter(([name, traits]) => traits.required && !Object.hasOwn(properties, name) && !made.includes(name))
    .map(([name]) => ({
      path: [...at, "properties"],
      message: `${type} needs the property ${name}; ${writeHere(name, isRecord(schemas) ? ownValue(schemas, name) : undefined)}`,
      type,
    }))
  return [...given, ...missing]
}
