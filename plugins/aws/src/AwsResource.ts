/** Makes a resource type of AWS: what is the same for all of them, once. */
import { Answer, defineResource, ProviderError, type ResourceDefinition } from "formae/plugin"
import { type Idempotency, type OperationId, Properties, type UpdateRequest } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { acceptedWork } from "./AcceptedWork.ts"
import { AwsClients, type Service } from "./AwsClients.ts"
import { type Found, type PageRequest, toListPage } from "./Listing.ts"
import { createOnce, type Described, hasCode, ofMade, type Ownership, whatBecameOf } from "./Ownership.ts"
import * as Tags from "./Tags.ts"
import { Target } from "./Target.ts"

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
interface Taggable {
  readonly Tags?: Tags.Tags
  readonly [name: string]: unknown
}

export interface AwsResourceSpec<P extends Taggable, Client, D extends Described> {
  readonly type: string
  readonly idempotency: Exclude<Idempotency, "none">
  /** Of a type with `configure` none of them may be secret: they are written into request ids. */
  readonly properties: Schema.Codec<P, unknown> & { readonly fields: Schema.Struct.Fields }
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

const work = acceptedWork(
  Schema.fromJsonString(
    Schema.Struct({
      operation: Schema.Literals(["create", "update", "delete"]),
      nativeId: Schema.String,
      /** In a create: those that are left to configure. */
      properties: Schema.optionalKey(Properties),
    }),
  ),
)

export const awsResource = <P extends Taggable, Client, D extends Described>(
  spec: AwsResourceSpec<P, Client, D>,
): ResourceDefinition<AwsClients> => {
  const { find, putTags, removeTags, replaceTags, settling, type } = spec
  const encode = Schema.encodeEffect(spec.properties)
  const decode = Schema.decodeUnknownEffect(spec.properties)

  const reach = (target: Target): Effect.Effect<At<Client>, never, AwsClients> =>
    Effect.map(AwsClients, (clients) => ({ ask: spec.client(clients, target), target }))

  const inProgress = Effect.fnUntraced(function* (accepted: Parameters<typeof work.write>[0]) {
    return Answer.inProgress({ requestId: yield* work.write(accepted), nativeId: accepted.nativeId })
  })

  /** What to say of a resource that was made or changed. */
  const settle = Effect.fnUntraced(function* (operation: "create" | "update", described: D) {
    const state = settling?.(described) ?? "Settled"
    if (state === "Settled") return Answer.succeeded(described)
    return state === "Settling" ? yield* inProgress({ operation, nativeId: described.nativeId }) : yield* state
  })

  /** What to say of a resource that this operation has made: what is left to do goes on in `status`, by its native id. */
  const made = Effect.fnUntraced(function* (described: D, properties: P) {
    if (spec.configure === undefined || spec.isConfigured?.(properties) === true) {
      return yield* settle("create", described)
    }
    const left = yield* Effect.orDie(Effect.flatMap(encode(properties), Schema.decodeUnknownEffect(Properties)))
    return yield* inProgress({ operation: "create", nativeId: described.nativeId, properties: left })
  })

  const ownership = (at: At<Client>, wanted: Wanted<P>): Ownership<D> => ({
    subject: `The ${type}`,
    operationId: wanted.operationId,
    find: Effect.flatMap(find?.(at, wanted) ?? Effect.fail(notAsked), (nativeId) => spec.describe(at, nativeId)),
    isOwn: spec.isOwn && ((described) => spec.isOwn?.(described, wanted) === true),
  })

  const changeTags = Effect.fnUntraced(function* (at: At<Client>, present: D, now: Tags.Tags, then: Tags.Tags) {
    const { put, remove } = Tags.changes(now, then)
    if (put.length + remove.length === 0) return
    yield* replaceTags?.(at, present, [...Tags.hidden(now), ...then]) ?? Effect.void
    if (remove.length > 0) yield* removeTags?.(at, present, remove) ?? Effect.void
    if (put.length > 0) yield* putTags?.(at, present, put) ?? Effect.void
  })

  return defineResource<P, Target, AwsClients>({
    type,
    idempotency: spec.idempotency,
    properties: spec.properties,
    target: Target,

    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const at = yield* reach(target)
      const wanted = { operationId, properties }
      const tags = Tags.withOperation(properties.Tags, operationId)
      const create = Effect.suspend(() => spec.create(at, { ...wanted, tags }))
      const described =
        find === undefined
          ? yield* Effect.flatMap(create, (nativeId) => Effect.mapError(spec.describe(at, nativeId), ofMade(nativeId)))
          : yield* createOnce({
              ...ownership(at, wanted),
              create,
              describe: (nativeId) => spec.describe(at, nativeId),
            })
      return yield* made(described, properties)
    }),

    status: Effect.fnUntraced(function* ({ requestId, target }) {
      const at = yield* reach(target)
      const { nativeId, operation, properties } = yield* work.read(requestId)
      if (operation === "delete") {
        return yield* spec.describe(at, nativeId).pipe(
          Effect.as(Answer.inProgress({ requestId, nativeId })),
          Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Answer.deleted(nativeId))),
        )
      }
      if (properties !== undefined) {
        const left = yield* Effect.mapError(decode(properties), () =>
          ProviderError.of("InvalidRequest", `request id: its properties are not those of ${type}`),
        )
        yield* spec.configure?.(at, nativeId, left) ?? Effect.void
      }
      return yield* settle(operation, yield* spec.describe(at, nativeId))
    }),

    ...(find !== undefined && {
      recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
        const at = yield* reach(target)
        return yield* whatBecameOf(ownership(at, { operationId, properties }), (described) =>
          made(described, properties),
        )
      }),
    }),

    read: Effect.fnUntraced(function* ({ nativeId, target }) {
      return (yield* spec.describe(yield* reach(target), nativeId)).properties
    }),

    ...((spec.update ?? putTags ?? replaceTags) !== undefined && {
      update: Effect.fnUntraced(function* ({ desired, nativeId, operationId, patch, target }) {
        const at = yield* reach(target)
        const present = yield* spec.describe(at, nativeId)
        const tags = Tags.wanted({ desired, patch })
        // Where a service keeps no tags there are none to change.
        if (tags !== undefined && present.tags !== undefined) yield* changeTags(at, present, present.tags, tags)
        yield* spec.update?.(at, { operationId, desired, patch, present }) ?? Effect.void
        return yield* settle("update", yield* spec.describe(at, nativeId))
      }),
    }),

    delete: Effect.fnUntraced(function* ({ nativeId, target }) {
      const at = yield* reach(target)
      yield* spec.delete(at, nativeId)
      return spec.deletesLater ? yield* inProgress({ operation: "delete", nativeId }) : Answer.deleted(nativeId)
    }),

    list: Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
      return toListPage(yield* spec.list(yield* reach(target), { pageSize, pageToken }))
    }),
  })
}

const notAsked = ProviderError.of("GeneralServiceException", "The service can not be asked for it")
