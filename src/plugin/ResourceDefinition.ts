/** One resource type: its properties, how a repeated create is made harmless, and its handlers. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { Properties, TypeCapabilities } from "../protocol/Resource.ts"
import { type TypedResource, withTypes } from "../protocol/TypedResource.ts"
import { NativeId, ResourceType } from "../protocol/Identity.ts"
import { JsonObject } from "../protocol/JsonObject.ts"
import { type Identification, type IdentifyRequest, placeOfTarget } from "../protocol/Identification.ts"
import type {
  CreateRequest,
  DeleteRequest,
  ListPage,
  ListRequest,
  ReadRequest,
  StatusRequest,
  UpdateRequest,
} from "../protocol/Operation.ts"
import type { Recovery, RecoverRequest } from "../protocol/Recovery.ts"
import type { PollSettings } from "../protocol/Settings.ts"
import { type ProviderAnswer, ProviderError } from "./Answer.ts"
import type { GivenProperties, KnownAttributes } from "./DeclaredProperties.ts"
import { changedCreateOnly } from "./changedCreateOnly.ts"
import { declarationsIn } from "./DeclaredPaths.ts"
import { declaredNaming } from "./declaredNaming.ts"
import { identityOf, secretsOf } from "./Property.ts"
import { decoder, partialDecoder } from "./RequestDecoder.ts"
import type { FieldsSchema, ResourceSpec, StatedIdentity, Targeted } from "./ResourceSpec.ts"

/** A resource type as the operator runs it, with requests as they come from the wire. `defineResource` makes one. */
export interface ResourceDefinition<R = never> {
  /** What the plugin says about the type, in its handshake and when it is asked to describe it. */
  readonly capabilities: TypeCapabilities
  /** How accepted work is polled, if not as the settings say. */
  readonly poll: PollSettings | undefined
  /** The canonical form of properties. Left out if the traits say all there is to say. */
  readonly canonical?: ((properties: Properties) => Properties) | undefined
  /** As in `ResourceSpec`, with a request from the wire. */
  readonly create: (request: CreateRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** As in `ResourceSpec`, with a request from the wire. */
  readonly read: (request: ReadRequest) => Effect.Effect<Properties, ProviderError, R>
  /** Undefined if no property of the type can be changed. */
  readonly update: ((request: UpdateRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>) | undefined
  /** As in `ResourceSpec`, with a request from the wire. */
  readonly delete: (request: DeleteRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Undefined if no handler answers `inProgress`. */
  readonly status: ((request: StatusRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>) | undefined
  /** Undefined if the type cannot be listed. */
  readonly list: ((request: ListRequest) => Effect.Effect<ListPage, ProviderError, R>) | undefined
  /** Undefined if the provider cannot be asked about a create. */
  readonly recover: ((request: RecoverRequest) => Effect.Effect<Recovery, ProviderError, R>) | undefined
  /** As in `ResourceSpec`, with a request from the wire. */
  readonly identify: (request: IdentifyRequest) => Effect.Effect<Identification, ProviderError, R>
}

/** A resource type that the compiler knows: `Forma.resource` checks what it is given against it. */
export interface TypedDefinition<out Properties, out Attributes, out TargetConfig, R = never>
  extends ResourceDefinition<R>, TypedResource<Properties, Attributes, TargetConfig> {}

/**
 * Makes a resource type from its declaration, and keeps the TypeScript types of
 * its properties and target. Throws if `type` is not of the form
 * `Namespace::Service::Kind`, and if more than one property is `named`, or one
 * that is secret or an output.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Schema from "effect/Schema"
 * import { Answer, defineResource, Property } from "formae/plugin"
 *
 * const Shelf = defineResource({
 *   type: "Shop::Store::Shelf",
 *   properties: Schema.Struct({ Name: Property.createOnly(Schema.String), Id: Property.output(Schema.String) }),
 *   target: Schema.Struct({}),
 *   idempotency: "name",
 *   create: ({ properties: { Name } }) =>
 *     Effect.succeed(Answer.succeeded({ nativeId: Name, properties: { Name, Id: Name } })),
 *   read: ({ nativeId }) => Effect.succeed({ Name: nativeId, Id: nativeId }),
 *   delete: ({ nativeId }) => Effect.succeed(Answer.deleted(nativeId)),
 * })
 * ```
 */
export const defineResource = <
  P,
  Target,
  R = never,
  PropertiesSchema extends FieldsSchema<P> = FieldsSchema<P>,
  TargetSchema extends FieldsSchema<Target> = FieldsSchema<Target>,
>(
  spec: ResourceSpec<P, Target, R> & { readonly properties: PropertiesSchema; readonly target: TargetSchema },
): TypedDefinition<
  GivenProperties<PropertiesSchema["fields"]>,
  KnownAttributes<PropertiesSchema["fields"]>,
  TargetSchema["Encoded"],
  R
> => {
  const { paths, properties: traits } = declarationsIn(spec.properties.fields)
  const naming = declaredNaming(spec.type, spec.properties.fields, traits)
  const decodeTarget = decoder(spec.target, "target config")
  const decodeGiven = decoder(spec.properties, "properties")
  const decodeKnown = partialDecoder(spec.properties)
  const targetTraits = { targetIdentity: identityOf(spec.target.fields), targetSecrets: secretsOf(spec.target.fields) }
  const outputs = Object.keys(traits).filter((name) => traits[name]?.output === true)

  const decodeProperties = (given: Properties): Effect.Effect<P, ProviderError> => {
    const output = outputs.find((name) => Object.hasOwn(given, name))
    return output === undefined
      ? decodeGiven(given)
      : Effect.fail(
          ProviderError.of("InvalidRequest", `properties: ${output}: is set by the provider and cannot be given`),
        )
  }

  const withTarget =
    <Request extends { readonly targetConfig: unknown }, A>(
      handler: (request: Targeted<Request, Target>) => Effect.Effect<A, ProviderError, R>,
    ) =>
    ({ targetConfig, ...request }: Request): Effect.Effect<A, ProviderError, R> =>
      Effect.flatMap(decodeTarget(targetConfig), (target) => handler({ ...request, target }))

  const { canonical, create, delete: remove, identify, list, read, recover, status, update } = spec
  const type = ResourceType.make(spec.type)
  const definition: ResourceDefinition<R> & { readonly type: ResourceType } = {
    type,
    capabilities: withSchemas(spec, {
      type,
      idempotency: spec.idempotency,
      listable: list !== undefined,
      recoverable: recover !== undefined,
      properties: traits,
      paths,
      ...(canonical !== undefined && { canonicalizes: true }),
      ...(naming !== undefined && { naming }),
      ...(spec.takesLastRead === true && { takesLastRead: true }),
      ...targetTraits,
    }),
    poll: spec.poll,
    canonical,
    create: withTarget((request: Targeted<CreateRequest, Target>) =>
      Effect.flatMap(decodeProperties(request.properties), (properties) => create({ ...request, properties })),
    ),
    read: withTarget(read),
    update:
      update &&
      withTarget((request: Targeted<UpdateRequest, Target>) => {
        const fixed = changedCreateOnly(definition, request)
        return fixed === undefined
          ? Effect.flatMap(decodeProperties(request.desired), (desired) => update({ ...request, desired }))
          : Effect.fail(ProviderError.of("NotUpdatable", `${fixed} cannot be changed after create`))
      }),
    delete: withTarget(remove),
    status: status && withTarget(status),
    list: list && withTarget(list),
    recover:
      recover &&
      withTarget((request: Targeted<RecoverRequest, Target>) =>
        Effect.flatMap(decodeProperties(request.properties), (properties) => recover({ ...request, properties })),
      ),
    identify: (request) =>
      withTarget(({ properties = {}, ...rest }: Targeted<IdentifyRequest, Target>) =>
        identify === undefined ? Effect.succeed({}) : identify({ ...rest, properties: decodeKnown(properties) }),
      )(request).pipe(Effect.map((stated) => identificationOf(stated, request, targetTraits))),
  }
  return withTypes(definition)
}

/** The schemas are made where they are read: that takes longer than all else of a declaration. */
const withSchemas = (
  { properties, target }: Readonly<Record<"properties" | "target", Schema.Constraint>>,
  announced: Omit<TypeCapabilities, "schema" | "targetSchema">,
): TypeCapabilities => ({
  ...announced,
  get schema() {
    return jsonSchemaOf(properties)
  },
  get targetSchema() {
    return jsonSchemaOf(target)
  },
})

/** What is left out is what the target says. */
const identificationOf = (
  { facts, nativeId, place }: StatedIdentity,
  { targetConfig }: IdentifyRequest,
  traits: Pick<TypeCapabilities, "targetIdentity" | "targetSecrets">,
): Identification => ({
  place: place ?? placeOfTarget(targetConfig, traits),
  ...(nativeId === undefined ? {} : { nativeId: NativeId.make(nativeId) }),
  ...(facts === undefined ? {} : { facts }),
})

/** The same type, with everything that its handlers need. */
export const provideHandlers = <R>(
  definition: ResourceDefinition<R>,
  context: Context.Context<R>,
): ResourceDefinition => {
  // Every layer leaves its memo map, and joining two contexts costs more than a small call.
  const needsNothing = Context.omit(Layer.CurrentMemoMap)(context).mapUnsafe.size === 0
  const provide =
    <Request, A>(handler: (request: Request) => Effect.Effect<A, ProviderError, R>) =>
    (request: Request): Effect.Effect<A, ProviderError> => {
      // Suspended, so that a handler that throws before it returns an effect is a defect of its own operation only.
      const call = Effect.suspend(() => handler(request))
      return needsNothing ? (call as Effect.Effect<A, ProviderError>) : Effect.provideContext(call, context)
    }
  return {
    ...definition,
    create: provide(definition.create),
    read: provide(definition.read),
    update: definition.update && provide(definition.update),
    delete: provide(definition.delete),
    status: definition.status && provide(definition.status),
    list: definition.list && provide(definition.list),
    recover: definition.recover && provide(definition.recover),
    identify: provide(definition.identify),
  }
}

/**
 * A JSON Schema as strict as the decoder of `schema`, with the sentence of each
 * constraint as its `message`. Kept, because the types of a plugin often share
 * one target.
 */
const jsonSchemaOf = (schema: Schema.Constraint): Properties => {
  const known = jsonSchemas.get(schema)
  if (known !== undefined) return known
  const { definitions, schema: root } = Schema.toJsonSchemaDocument(schema, {
    onExcessProperty: "error",
    includeAnnotationKey: (key) => key === "message",
  })
  const document = decodeJsonObject(Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions })
  jsonSchemas.set(schema, document)
  return document
}

const jsonSchemas = new WeakMap<Schema.Constraint, Properties>()

const decodeJsonObject = Schema.decodeUnknownSync(JsonObject)
