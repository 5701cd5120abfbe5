/** What a plugin's author says about one resource type. */
import type * as Effect from "effect/Effect"
import type * as Schema from "effect/Schema"
import type { IdentifyRequest } from "../protocol/Identification.ts"
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
import type { Idempotency, Properties } from "../protocol/Resource.ts"
import type { PollSettings } from "../protocol/Settings.ts"
import type { ProviderAnswer, ProviderError } from "./Answer.ts"

/** A schema of JSON objects whose fields are known. */
export interface FieldsSchema<T> extends Schema.Codec<T, unknown> {
  /** The fields, by name. */
  readonly fields: Schema.Struct.Fields
}

/** A request whose target config has been decoded by the schema that the type declares. */
export type Targeted<Request, Target> = Omit<Request, "targetConfig"> & {
  /** The config of the target. */
  readonly target: Target
}

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
  /**
   * Set where `update` makes use of `lastRead`: what the agent has read of the
   * resource before, outputs included and opaque properties left out. It may
   * have changed at the provider since. The answer may leave out opaque
   * properties that the update does not change.
   */
  readonly takesLastRead?: true | undefined
  /** Changes the resource in place. Left out if no property of the type can be changed. */
  readonly update?: (
    request: Targeted<Omit<UpdateRequest, "desired">, Target> & { readonly desired: P },
  ) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Deletes the resource. May fail with `NotFound`, which the operator treats as success. */
  readonly delete: (request: Targeted<DeleteRequest, Target>) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /**
   * Asks for the status of accepted work. Required if a handler answers
   * `inProgress`. Fails with `NotFound` if the provider does not know the work
   * any more, and with `UnforeseenError` if the request id cannot be read: both
   * leave open what became of the work. Other codes may say that it has failed
   * (PROTOCOL.md, "Status").
   */
  readonly status?: (request: Targeted<StatusRequest, Target>) => Effect.Effect<ProviderAnswer, ProviderError, R>
  /** Returns a page of native ids. It may be longer than requested: the operator gives out the rest with the next pages. */
  readonly list?: (request: Targeted<ListRequest, Target>) => Effect.Effect<ListPage, ProviderError, R>
  /**
   * Says which thing a resource is or would be, so that the agent can tell that
   * two labels mean the same one: where native ids are unique, and the native id
   * that a create would have, if it follows from the properties. Properties that
   * are not known yet are left out. Changes nothing. Left out if the provider
   * chooses native ids, and the target says all about the place.
   */
  readonly identify?: (
    request: Targeted<Omit<IdentifyRequest, "properties">, Target> & { readonly properties: Partial<P> },
  ) => Effect.Effect<StatedIdentity, ProviderError, R>
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

/** Which thing a resource is, as far as a type says more than its target does. */
export interface StatedIdentity {
  /** What makes native ids unique, as text; by default the fields of the target that say where it is. */
  readonly place?: string | undefined
  /** The native id that a create would have, if it follows from the properties. */
  readonly nativeId?: string | undefined
  /** What is known of the target by name, such as `accountId`, for documents that put it into text. Not secret. */
  readonly facts?: Readonly<Record<string, string>> | undefined
}
