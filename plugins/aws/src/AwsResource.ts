/** Makes a resource type of AWS: what is the same for all of them, once. */
import {
  Answer,
  defineResource,
  type FieldsSchema,
  type GivenProperties,
  hasCode,
  jsonText,
  type KnownAttributes,
  knownTokens,
  type ProviderAnswer,
  ProviderError,
  type TypedDefinition,
  withNativeId,
} from "formae/plugin"
import { isRecoverable, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AwsClients } from "./AwsClients.ts"
import type { At, AwsResourceSpec, Taggable, Wanted } from "./AwsResourceSpec.ts"
import { toListPage } from "./Listing.ts"
import { createOnce, type Described, type Ownership, whatBecameOf } from "./Ownership.ts"
import * as Tags from "./Tags.ts"
import { Target } from "./Target.ts"

const work = jsonText(
  "request id",
  Schema.Struct({
    operation: Schema.Literals(["create", "update", "delete"]),
    nativeId: Schema.String,
    /** In a create: those that are left to configure. */
    properties: Schema.optionalKey(Properties),
  }),
)

export const awsResource = <P extends Taggable, Client, D extends Described, S extends FieldsSchema<P>>(
  spec: AwsResourceSpec<P, Client, D> & { readonly properties: S },
): TypedDefinition<GivenProperties<S["fields"]>, KnownAttributes<S["fields"]>, typeof Target.Encoded, AwsClients> => {
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
    if (state === "Settling") return yield* inProgress({ operation, nativeId: described.nativeId })
    return yield* withNativeId(described.nativeId)(state)
  })

  const isConfigured = (properties: P) => spec.configure === undefined || spec.isConfigured?.(properties) === true

  /** What is left to do goes on in `status`, by the native id that is known now. */
  const goOn = Effect.fnUntraced(function* (nativeId: string, properties: P) {
    if (isConfigured(properties)) return yield* inProgress({ operation: "create", nativeId })
    const left = yield* Effect.orDie(Effect.flatMap(encode(properties), Schema.decodeUnknownEffect(Properties)))
    return yield* inProgress({ operation: "create", nativeId, properties: left })
  })

  /** What to say of a resource that this operation has made. */
  const made = (described: D, properties: P): Effect.Effect<ProviderAnswer, ProviderError> =>
    isConfigured(properties) ? settle("create", described) : goOn(described.nativeId, properties)

  const ownership = (look: NonNullable<typeof find>, at: At<Client>, wanted: Wanted<P>): Ownership<D> => ({
    subject: `The ${type}`,
    operationId: wanted.operationId,
    find: Effect.flatMap(look(at, wanted), (nativeId) => spec.describe(at, nativeId)),
    isOwn: spec.isOwn && ((described) => spec.isOwn?.(described, wanted) === true),
  })

  const changeTags = Effect.fnUntraced(function* (at: At<Client>, present: D, now: Tags.Tags, then: Tags.Tags) {
    const { put, remove } = Tags.changes(now, then)
    if (put.length + remove.length === 0) return
    yield* replaceTags?.(at, present, [...Tags.hidden(now), ...then]) ?? Effect.void
    if (remove.length > 0) yield* removeTags?.(at, present, remove) ?? Effect.void
    if (put.length > 0) yield* putTags?.(at, present, put) ?? Effect.void
  })

  return defineResource<P, Target, AwsClients, S, typeof Target>({
    type,
    idempotency: spec.idempotency,
    properties: spec.properties,
    target: Target,

    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const at = yield* reach(target)
      const wanted = { operationId, properties }
      const tags = Tags.withOperation(properties.Tags, operationId)
      const create = Effect.suspend(() => spec.create(at, { ...wanted, tags }))
      const describe = (nativeId: string) => spec.describe(at, nativeId)
      const created =
        find === undefined
          ? Effect.flatMap(create, (nativeId) => Effect.mapError(describe(nativeId), withNativeId(nativeId)))
          : createOnce({ ...ownership(find, at, wanted), create, describe })
      return yield* created.pipe(
        Effect.flatMap((described) => made(described, properties)),
        // A service may show what it made later than it tells of it, and its tags too: to look for
        // them and make it again would make a second one. From here only the native id is asked for.
        Effect.catchIf(
          (error) => spec.idempotency === "tag" && error.nativeId !== undefined && isRecoverable(error.code),
          ({ nativeId = "" }) => goOn(nativeId, properties),
        ),
      )
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
      const left =
        properties &&
        (yield* Effect.mapError(decode(properties), () =>
          ProviderError.of("InvalidRequest", `request id: its properties are not those of ${type}`),
        ))
      const configured = left === undefined ? Effect.void : (spec.configure?.(at, nativeId, left) ?? Effect.void)
      return yield* configured.pipe(
        Effect.andThen(spec.describe(at, nativeId)),
        Effect.flatMap((described) => settle(operation, described)),
        Effect.mapError(withNativeId(nativeId)),
      )
    }),

    ...(find !== undefined && {
      recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
        const at = yield* reach(target)
        return yield* whatBecameOf(ownership(find, at, { operationId, properties }), (described) =>
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

    list: knownTokens(
      Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
        return toListPage(yield* spec.list(yield* reach(target), { pageSize, pageToken }))
      }),
    ),
  })
}
