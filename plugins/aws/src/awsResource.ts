/** Builds a resource type of AWS: all that its types have in common. */
import {
  Answer,
  defineResource,
  hasCode,
  knownTokens,
  withNativeId,
  ProviderError,
  type FieldsSchema,
  type GivenProperties,
  type KnownAttributes,
  type TypedDefinition,
} from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { AwsClients } from "./AwsClients.ts"
import type { AwsResourceSpec, Taggable } from "./AwsResourceSpec.ts"
import { connect, type Connection } from "./Connection.ts"
import { createHandlers } from "./createHandlers.ts"
import { toListPage } from "./Listing.ts"
import { type Description, withTags } from "./Ownership.ts"
import { answerFor, inProgress, requestIds } from "./PendingWork.ts"
import { factsOf, formatPlace, placeOf } from "./Place.ts"
import * as Tags from "./Tags.ts"
import { Target } from "./Target.ts"

export const awsResource = <P extends Taggable, Client, D extends Description, S extends FieldsSchema<P>>(
  spec: AwsResourceSpec<P, Client, D> & { readonly properties: S },
): TypedDefinition<GivenProperties<S["fields"]>, KnownAttributes<S["fields"]>, typeof Target.Encoded, AwsClients> => {
  const { putTags, replaceTags, type } = spec
  const decode = Schema.decodeUnknownEffect(spec.properties)

  return defineResource<P, Target, AwsClients, S, typeof Target>({
    type,
    idempotency: spec.idempotency,
    properties: spec.properties,
    target: Target,
    ...(spec.canonical !== undefined && { canonical: spec.canonical }),

    ...createHandlers(spec),

    status: Effect.fnUntraced(function* ({ requestId, target }) {
      const connection = yield* connect(spec.client, target)
      const { nativeId, operation, properties } = yield* requestIds.read(requestId)
      if (operation === "delete") {
        return yield* spec.describe(connection, nativeId).pipe(
          Effect.as(Answer.inProgress({ requestId, nativeId })),
          Effect.catchIf(hasCode("NotFound"), () => Effect.succeed(Answer.deleted(nativeId))),
        )
      }
      const rest =
        properties &&
        (yield* Effect.mapError(decode(properties), () =>
          ProviderError.of("UnforeseenError", `request id: its properties are not those of ${type}`),
        ))
      const configured =
        rest === undefined ? Effect.void : (spec.configure?.(connection, nativeId, rest) ?? Effect.void)
      return yield* configured.pipe(
        Effect.andThen(spec.describe(connection, nativeId)),
        Effect.flatMap((description) => answerFor(spec, operation, description)),
        Effect.mapError(withNativeId(nativeId)),
      )
    }),

    read: Effect.fnUntraced(function* ({ nativeId, target }) {
      return (yield* spec.describe(yield* connect(spec.client, target), nativeId)).properties
    }),

    ...((spec.update ?? putTags ?? replaceTags) !== undefined && {
      update: Effect.fnUntraced(function* ({ desired, nativeId, operationId, patch, target }) {
        const connection = yield* connect(spec.client, target)
        const present = yield* spec.describe(connection, nativeId)
        const tags = Tags.wanted({ desired, patch })
        if (tags !== undefined) yield* changeTags(spec, connection, present, tags)
        // A service that has accepted the tags may still list the old ones for a while.
        if (tags !== undefined && Tags.isAllOf(patch)) return yield* answerFor(spec, "update", withTags(present, tags))
        yield* spec.update?.(connection, { operationId, desired, patch, present }) ?? Effect.void
        return yield* answerFor(spec, "update", yield* spec.describe(connection, nativeId))
      }),
    }),

    identify: Effect.fnUntraced(function* ({ properties, target }) {
      const place = yield* placeOf(target)
      const connection = yield* connect(spec.client, target)
      const found = spec.identify?.(connection, properties, place) ?? Effect.undefined
      const nativeId = yield* Effect.catchIf(found, hasCode("NotFound"), () => Effect.undefined)
      return { place: formatPlace(place, spec.scope ?? "region"), nativeId, facts: factsOf(place) }
    }),

    delete: Effect.fnUntraced(function* ({ nativeId, target }) {
      const connection = yield* connect(spec.client, target)
      yield* spec.delete(connection, nativeId)
      return spec.deletesLater ? yield* inProgress({ operation: "delete", nativeId }) : Answer.deleted(nativeId)
    }),

    list: knownTokens(
      Effect.fnUntraced(function* ({ pageSize, pageToken, target }) {
        return toListPage(yield* spec.list(yield* connect(spec.client, target), { pageSize, pageToken }))
      }),
    ),
  })
}

const changeTags = Effect.fnUntraced(function* <P extends Taggable, Client, D extends Description>(
  { putTags, removeTags, replaceTags }: AwsResourceSpec<P, Client, D>,
  connection: Connection<Client>,
  present: D,
  wanted: Tags.Tags,
) {
  // A service that keeps no tags has none to change.
  if (present.tags === undefined) return
  const { put, remove } = Tags.changes(present.tags, wanted)
  if (put.length + remove.length === 0) return
  yield* replaceTags?.(connection, present, [...Tags.hidden(present.tags), ...wanted]) ?? Effect.void
  if (remove.length > 0) yield* removeTags?.(connection, present, remove) ?? Effect.void
  if (put.length > 0) yield* putTags?.(connection, present, put) ?? Effect.void
})
