/** What has to be said of a resource type of AWS: the calls of its service, each where its turn is. */
import type { FieldsSchema, ProviderError } from "formae/plugin"
import type { Idempotency, OperationId, UpdateRequest } from "formae/protocol"
import type * as Effect from "effect/Effect"
import type { AwsClients, Service } from "./AwsClients.ts"
import type { Found, PageRequest } from "./Listing.ts"
import type { Described } from "./Ownership.ts"
import type * as Tags from "./Tags.ts"
import type { Target } from "./Target.ts"

/** Whom to ask, and where. */
export interface At<Client> {
  readonly ask: Service<Client>
  readonly target: Target
}

/** A step of a resource's life, as its service does it. */
type Step<Client, Arguments extends ReadonlyArray<unknown>, A> = (
  at: At<Client>,
  ...rest: Arguments
) => Effect.Effect<A, ProviderError>

export interface Wanted<P> {
  readonly operationId: OperationId
  readonly properties: P
}

export interface Change<P, D extends Described> {
  readonly operationId: OperationId
  readonly desired: P
  readonly patch: UpdateRequest["patch"]
  /** As the resource is before the change. */
  readonly present: D
}

/** Gives up with an error where the service has given the resource up. */
export type Settling = "Settled" | "Settling" | ProviderError

/** With tags or without. */
export interface Taggable {
  readonly Tags?: Tags.Tags
  readonly [name: string]: unknown
}

export interface AwsResourceSpec<P extends Taggable, Client, D extends Described> {
  readonly type: string
  readonly idempotency: Exclude<Idempotency, "none">
  /** Of a type with `configure` none of them may be secret: they are written into request ids. */
  readonly properties: FieldsSchema<P>
  readonly client: (clients: AwsClients["Service"], target: Target) => Service<Client>
  /** Fails with `NotFound` where the resource is missing. */
  readonly describe: Step<Client, [nativeId: string], D>
  /**
   * The native id of what has the name, or the tag of the operation; it need
   * not exist. Fails with `NotFound` where that is certain. Left out where the
   * service can not be asked, and takes a token instead.
   */
  readonly find?: Step<Client, [wanted: Wanted<P>], string>
  /** Whether what was found is what this operation makes, for a service that keeps no tags. */
  readonly isOwn?: (described: D, wanted: Wanted<P>) => boolean
  /** Makes it with `tags`, in one call where that can be, and gives its native id. */
  readonly create: Step<Client, [wanted: Wanted<P> & { readonly tags: Array<Tags.Tag> }], string>
  /** What is left to do once it is there. May be repeated. */
  readonly configure?: Step<Client, [nativeId: string, properties: P], unknown>
  /** Whether there is anything of that to do. */
  readonly isConfigured?: (properties: P) => boolean
  /** Changes all but tags. Left out where nothing else can be changed. */
  readonly update?: Step<Client, [change: Change<P, D>], unknown>
  readonly putTags?: Step<Client, [present: D, tags: Array<Tags.Tag>], unknown>
  readonly removeTags?: Step<Client, [present: D, keys: Array<string>], unknown>
  /** In place of those two, for a service that takes all tags at once: the hidden ones too. */
  readonly replaceTags?: Step<Client, [present: D, tags: Array<Tags.Tag>], unknown>
  readonly delete: Step<Client, [nativeId: string], unknown>
  /** Left out where a delete has ended when it is answered. */
  readonly deletesLater?: true
  /** Left out where what is there is ready. */
  readonly settling?: (described: D) => Settling
  /** Leaves out what AWS itself owns. */
  readonly list: Step<Client, [page: PageRequest], Found>
}
