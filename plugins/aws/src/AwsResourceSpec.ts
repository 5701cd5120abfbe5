/** What is particular to one resource type of AWS: the calls of its service, each under the step that it is for. */
import type { FieldsSchema, ProviderError } from "formae/plugin"
import type { Idempotency, OperationId, Properties, UpdateRequest } from "formae/protocol"
import type * as Effect from "effect/Effect"
import type { AwsClients, Service } from "./AwsClients.ts"
import type { Connection } from "./Connection.ts"
import type { PageRequest, ServicePage } from "./Listing.ts"
import type { Description } from "./Ownership.ts"
import type { Place, Scope } from "./Place.ts"
import type * as Tags from "./Tags.ts"
import type { Target } from "./Target.ts"

/** A step of a resource's life, done by its service. */
type Step<Client, Arguments extends ReadonlyArray<unknown>, A> = (
  connection: Connection<Client>,
  ...rest: Arguments
) => Effect.Effect<A, ProviderError>

export interface Wanted<P> {
  readonly operationId: OperationId
  readonly properties: P
}

export interface Change<P, D extends Description> {
  readonly operationId: OperationId
  readonly desired: P
  readonly patch: UpdateRequest["patch"]
  readonly nativeId: string
  /** Describes the resource before the change, once. */
  readonly present: Effect.Effect<D, ProviderError>
}

/** Whether the service has finished its work on a resource; an error if it has given up. */
export type Readiness = "Ready" | "NotReady" | ProviderError

/** Properties with or without tags. */
export interface Taggable {
  readonly Tags?: Tags.Tags
  readonly [name: string]: unknown
}

export interface AwsResourceSpec<P extends Taggable, Client, D extends Description> {
  readonly type: string
  readonly idempotency: Exclude<Idempotency, "none">
  /** In a type with `configure` no property may be secret, because they are written into request ids. */
  readonly properties: FieldsSchema<P>
  /** The canonical form of properties, for what their traits cannot say. */
  readonly canonical?: (properties: Properties) => Properties
  /** How far its native ids reach; by default, they are unique in the region. */
  readonly scope?: Scope
  /**
   * The native id that a create with these properties would have, as far as they
   * are known. May look for it at the service. Left out where the service chooses it.
   */
  readonly identify?: Step<Client, [properties: Partial<P>, place: Place], string | undefined>
  readonly client: (clients: AwsClients["Service"], target: Target) => Service<Client>
  /**
   * Fails with `NotFound` if the resource does not exist. Lists no tags where
   * `knownTags` says which ones it has: those become part of the description.
   */
  readonly describe: Step<Client, [nativeId: string, knownTags?: Tags.Tags], D>
  /**
   * The native id of the resource that has the name, or the tag of the
   * operation; it need not exist. Fails with `NotFound` if there is certainly
   * none. Left out where the service cannot be asked and takes a token instead.
   */
  readonly find?: Step<Client, [wanted: Wanted<P>], string>
  /** Whether a resource that was found is the one that this operation creates, for a service that keeps no tags. */
  readonly isOwn?: (description: D, wanted: Wanted<P>) => boolean
  /**
   * Set where the service documents that it refuses to create a second resource
   * of the same name, and `create` then fails with `AlreadyExists`. Such a create
   * is sent without a look before it, and has the tags that it was sent with.
   */
  readonly refusesSecond?: true
  /** Set where `create` itself fails with `AlreadyExists` if another operation has created what it returns. */
  readonly checksOwner?: true
  /** Creates the resource with `tags`, in one call if possible, and returns its native id. */
  readonly create: Step<Client, [wanted: Wanted<P> & { readonly tags: Array<Tags.Tag> }], string>
  /** What remains to be done once the resource exists. May be repeated. */
  readonly configure?: Step<Client, [nativeId: string, properties: P], unknown>
  /** Whether these properties leave `configure` nothing to do. */
  readonly isConfigured?: (properties: P) => boolean
  /** Changes everything but tags. Left out if nothing else can be changed. */
  readonly update?: Step<Client, [change: Change<P, D>], unknown>
  readonly putTags?: Step<Client, [present: Description, tags: Array<Tags.Tag>], unknown>
  readonly removeTags?: Step<Client, [present: Description, keys: Array<string>], unknown>
  /** Instead of those two, for a service that takes all tags at once, including the hidden ones. */
  readonly replaceTags?: Step<Client, [present: Description, tags: Array<Tags.Tag>], unknown>
  /** All tags, including the hidden ones, which `replaceTags` must not lose. Undefined if the service keeps none. */
  readonly listTags?: Step<Client, [nativeId: string], Tags.Tags | undefined>
  readonly delete: Step<Client, [nativeId: string], unknown>
  /** Set where the service continues to delete after it has answered. */
  readonly deletesLater?: true
  /** Left out where a resource is ready as soon as it exists. */
  readonly readiness?: (description: D) => Readiness
  /** Leaves out what AWS itself owns. */
  readonly list: Step<Client, [page: PageRequest], ServicePage>
}
