/** One resource type: its properties, how a repeated create is made harmless, and its handlers. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { type Idempotency, type Properties, type TypeCapabilities } from "../protocol/Resource.ts"
import { type TypedResource, withTypes } from "../protocol/TypedResource.ts"
import { ResourceType } from "../protocol/Identity.ts"
import { JsonObject } from "../protocol/JsonObject.ts"
import { describeIssue } from "../protocol/Issue.ts"
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
import { identityOf, secretsOf } from "./Property.ts"

/** A request whose target config has been decoded by the schema that the type declares. */
type Targeted<Request, Target> = Omit<Request, "targetConfig"> & { readonly target: Target }

/**
 * A resource type as its author declares it. Handlers keep no state between
 * calls, may be called concurrently, and fail with `ProviderError`. A thrown
 * error or a defect ends its own operation with `UnforeseenError` and no other.
 */
export interface ResourceSpec<P, Target, R> {
  /** The name, such as `AWS::S3::Bucket`. Its first part is the plugin's namespace. */
  readonly type: string
  /** The properties, with their traits. Their encoded form must be JSON. */
  readonly properties: FieldsSchema<P>
  /** Where resources live. Its encoded form is the `config` of a target in a forma. */
  readonly target: FieldsSchema<Target>
  /** How a repeated create is made harmless. */
  readonly idempotency: Idempotency
  /** How accepted work of this type is polled, if the agent's settings do not fit. Times are in milliseconds. */
  readonly poll?: PollSettings | undefined
  /**
   * The canonical form of properties, as JSON: two values that are the same to
   * the provider have the same one. For what the traits in the schema cannot
   * say. A pure function that also accepts its own results and properties with
   * parts missing; the agent applies the traits to what it returns.
   */
  readonly canonical?: (properties: Properties) => Properties
  /** Creates the resource. The same `operationId` may come again, and must then have the effect of one create. */
  readonly create: (
    request: Targeted<Omit<CreateRequest, "properties">, Target> & {
      readonly properties: P
    },
  ) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Returns the current properties. Fails with `NotFound` if the resource does not exist. */
  readonly read: (request: Targeted<ReadRequest, Target>) => Effect.Effect<Properties, ProviderError, R>
  /** Changes the resource in place. Left out if no property of the type can be changed. */
  readonly update?: (
    request: Targeted<Omit<UpdateRequest, "desired">, Target> & { readonly desired: P },
  ) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Deletes the resource. May fail with `NotFound`, which the operator treats as success. */
  readonly delete: (request: Targeted<DeleteRequest, Target>) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Asks for the status of accepted work. Required if a handler answers `inProgress`. */
  readonly status?: (request: Targeted<StatusRequest, Target>) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Returns a page of native ids. It may be longer than requested: the operator gives out the rest with the next pages. */
  readonly list?: (request: Targeted<ListRequest, Target>) => Effect.Effect<ListPage, ProviderError, R>
  /**
   * Finds out what became of a create whose answer was lost, by the name of the
   * resource or by the operation id that it was tagged with. Changes nothing.
   * Left out if the provider cannot be asked: then a create whose outcome is
   * unknown is sent again with the same operation id, unless the idempotency of
   * the type is `none`.
   */
  readonly recover?: (
    request: Targeted<Omit<RecoverRequest, "properties">, Target> & { readonly properties: P },
  ) => Effect.Effect<Recovery, ProviderError, R>
}

/** A resource type as the operator runs it, with requests as they come from the wire. `defineResource` makes one. */
export interface ResourceDefinition<R = never> {
  readonly capabilities: TypeCapabilities
  readonly poll: PollSettings | undefined
  /** The canonical form of properties. Left out if the traits say all there is to say. */
  readonly canonical?: ((properties: Properties) => Properties) | undefined
  readonly create: (request: CreateRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>
  readonly read: (request: ReadRequest) => Effect.Effect<Properties, ProviderError, R>
  readonly update: ((request: UpdateRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>) | undefined
  readonly delete: (request: DeleteRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>
  readonly status: ((request: StatusRequest) => Effect.Effect<ProviderAnswer, ProviderError, R>) | undefined
  readonly list: ((request: ListRequest) => Effect.Effect<ListPage, ProviderError, R>) | undefined
  readonly recover: ((request: RecoverRequest) => Effect.Effect<Recovery, ProviderError, R>) | undefined
}

/** A resource type that the compiler knows: `Forma.resource` checks what it is given against it. */
export interface TypedDefinition<out Properties, out Attributes, out TargetConfig, R = never>
  extends ResourceDefinition<R>, TypedResource<Properties, Attributes, TargetConfig> {}

/** A schema of JSON objects whose fields are known. */
export interface FieldsSchema<T> extends Schema.Codec<T, unknown> {
  readonly fields: Schema.Struct.Fields
}

/**
 * Makes a resource type from its declaration, and keeps the TypeScript types of
 * its properties and target. Throws if `type` is not of the form
 * `Namespace::Service::Kind`.
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
  const decodeTarget = decoder(spec.target, "target config")
  const decodeGiven = decoder(spec.properties, "properties")
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

  const { canonical, create, delete: remove, list, read, recover, status, update } = spec
  const type = ResourceType.make(spec.type)
  const definition: ResourceDefinition<R> & { readonly type: ResourceType } = {
    type,
    capabilities: {
      type,
      idempotency: spec.idempotency,
      listable: list !== undefined,
      recoverable: recover !== undefined,
      properties: traits,
      paths,
      ...(canonical !== undefined && { canonicalizes: true }),
      targetIdentity: identityOf(spec.target.fields),
      targetSecrets: secretsOf(spec.target.fields),
      schema: jsonSchemaOf(spec.properties),
      targetSchema: jsonSchemaOf(spec.target),
    },
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
  }
  return withTypes(definition)
}

/** The same type, with everything that its handlers need. */
export const provideHandlers = <R>(
  definition: ResourceDefinition<R>,
  context: Context.Context<R>,
): ResourceDefinition => {
  const provide =
    <Request, A>(handler: (request: Request) => Effect.Effect<A, ProviderError, R>) =>
    (request: Request): Effect.Effect<A, ProviderError> =>
      // Suspended, so that a handler that throws before it returns an effect is a defect of its own operation only.
      Effect.provideContext(
        Effect.suspend(() => handler(request)),
        context,
      )
  return {
    ...definition,
    create: provide(definition.create),
    read: provide(definition.read),
    update: definition.update && provide(definition.update),
    delete: provide(definition.delete),
    status: definition.status && provide(definition.status),
    list: definition.list && provide(definition.list),
    recover: definition.recover && provide(definition.recover),
  }
}

const decoder = <A>(schema: Schema.Codec<A, unknown>, subject: string) => {
  const decode = Schema.decodeUnknownEffect(schema, { onExcessProperty: "error", errors: "all" })
  return (input: unknown): Effect.Effect<A, ProviderError> =>
    Effect.mapError(decode(input), ({ issue }) =>
      ProviderError.of("InvalidRequest", `${subject}: ${describeIssue(issue)}`),
    )
}

/**
 * A JSON Schema as strict as the decoder of `schema`, with the sentence of each
 * constraint as its `message`. Kept, because the types of a plugin often share
 * one target.
 */
const jsonSchemaOf = (schema: Schema.Constraint): TypeCapabilities["schema"] => {
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

const jsonSchemas = new WeakMap<Schema.Constraint, TypeCapabilities["schema"]>()

const decodeJsonObject = Schema.decodeUnknownSync(JsonObject)
