/** An example of a document with a resource of a type, made from the schemas of the plugin. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { schemaCheckFor } from "../../agent/forma/SchemaCheck.ts"
import { exampleIn } from "../../agent/forma/schema/writeHere.ts"
import { isRecord } from "../../protocol/isRecord.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { namespaceOf, type Properties, type ResourceType, type TypeCapabilities } from "../../protocol/index.ts"
import { exampleOf } from "../../testing/conformance/samples/exampleOf.ts"

interface ExampleResource {
  readonly label: string
  readonly type: ResourceType
  readonly target: string
  readonly properties: Properties
}

/** The content of a document. */
export interface ExampleDocument {
  readonly targets: Readonly<Record<string, { readonly namespace: string; readonly config: Properties }>>
  readonly resources: ReadonlyArray<ExampleResource>
}

/** A resource that an example needs may need others. */
const maxResources = 8

const target = "example"

/** What a text is by the name of its property, where its schema has no example and takes it: it reads better than a word. */
const usual: ReadonlyArray<readonly [name: RegExp, text: string]> = [
  [/cidr/i, "10.0.0.0/16"],
  [/^region$/i, "eu-west-1"],
  [/^location$/i, "westeurope"],
  [/^role$|arn$/i, "arn:aws:iam::123456789012:role/example"],
]

const usualFor = (name: string, schemas: Properties[string] | undefined): string | undefined => {
  const example = exampleIn(isRecord(schemas) ? ownValue(schemas, name) : undefined)
  return typeof example === "string" ? example : usual.find(([names]) => names.test(name))?.[1]
}

const withUsual = (made: Properties, schema: Properties, isValid: (value: Properties) => boolean): Properties => {
  const better: Record<string, Properties[string]> = { ...made }
  for (const [name, value] of Object.entries(made)) {
    const text = typeof value === "string" ? usualFor(name, schema["properties"]) : undefined
    if (text === undefined) continue
    better[name] = text
    if (!isValid(better)) better[name] = value
  }
  return better
}

/** What must be given, or if that is not enough for the schema, everything. */
const valueOf = Effect.fnUntraced(function* (schema: Properties): Effect.fn.Return<Properties | undefined> {
  const check = yield* schemaCheckFor([schema])
  const isValid = (value: Properties) => check(schema, value).issues.length === 0
  for (const withOptional of [false, true]) {
    const value = exampleOf(schema, { text: "example", withOptional })
    if (!Predicate.isObject(value) || Array.isArray(value)) return undefined
    const made = value as Properties
    if (isValid(made)) return withUsual(made, schema, isValid)
  }
  return undefined
})

/** `VPCCidrBlock` becomes `vpcCidrBlock`. */
const labelOf = (type: ResourceType): string =>
  type.slice(type.lastIndexOf(":") + 1).replace(/^(?:[A-Z]+(?=[A-Z][a-z]|$)|[A-Z])/, (start) => start.toLowerCase())

/** The schema of what an example gives: neither outputs nor a name that can be made. */
const givenSchema = ({ naming, properties, schema }: TypeCapabilities): Properties | undefined => {
  if (schema === undefined) return undefined
  const isGiven = (name: unknown) =>
    typeof name !== "string" || (ownValue(properties, name)?.output !== true && name !== naming?.property)
  const { properties: all, required } = schema
  return {
    ...schema,
    ...(isRecord(all) && { properties: Object.fromEntries(Object.entries(all).filter(([name]) => isGiven(name))) }),
    ...(Array.isArray(required) && { required: required.filter(isGiven) }),
  }
}

/** The schema of a target, which has to say where its resources live, even where there are other ways to say it. */
const placedSchema = (schema: Properties, identity: ReadonlyArray<string>): Properties => {
  const { properties, required } = schema
  const known = identity.filter((name) => isRecord(properties) && Object.hasOwn(properties, name))
  return { ...schema, required: [...new Set([...(Array.isArray(required) ? required : []), ...known])] }
}

/** The type that sets a property of this name, if it is one: its value is what is meant. */
const setterOf = (name: string, own: ResourceType, types: ReadonlyArray<TypeCapabilities>) => {
  const setters = types.filter(
    ({ properties, type }) => type !== own && ownValue(properties, name)?.output === true && !common.has(name),
  )
  return setters.length === 1 ? setters[0] : undefined
}

/** Most types set them. */
const common: ReadonlySet<string> = new Set(["Arn", "Id", "id", "name"])

/**
 * `types` are those of the namespace, described. Undefined where none can be
 * made. A required property that another type sets is a reference to a resource
 * of that type. A name that can be made is left out.
 */
export const exampleDocument = Effect.fnUntraced(function* (
  type: TypeCapabilities,
  types: ReadonlyArray<TypeCapabilities>,
): Effect.fn.Return<ExampleDocument | undefined> {
  const resources: Array<ExampleResource> = []
  const add = (one: TypeCapabilities): Effect.Effect<boolean> =>
    Effect.gen(function* () {
      if (resources.some((made) => made.type === one.type)) return true
      const schema = givenSchema(one)
      const made = schema && (yield* valueOf(schema))
      if (made === undefined || resources.length >= maxResources) return false
      const properties: Record<string, Properties[string]> = {}
      const needed: Array<TypeCapabilities> = []
      for (const [name, value] of Object.entries(made)) {
        const traits = ownValue(one.properties, name)
        if (traits === undefined) continue
        const setter = traits.required ? setterOf(name, one.type, types) : undefined
        if (setter !== undefined) needed.push(setter)
        properties[name] = setter === undefined ? value : { $ref: `${labelOf(setter.type)}.${name}` }
      }
      resources.unshift({ label: labelOf(one.type), type: one.type, target, properties })
      return yield* Effect.map(Effect.forEach(needed, add), (all) => all.every((is) => is))
    })
  const config =
    type.targetSchema === undefined ? {} : yield* valueOf(placedSchema(type.targetSchema, type.targetIdentity))
  if (config === undefined || !(yield* add(type))) return undefined
  const namespace = namespaceOf(type.type)
  return { targets: { [target]: { namespace, config } }, resources }
})
