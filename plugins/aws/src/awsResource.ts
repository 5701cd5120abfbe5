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
import { connect } from "./Connection.ts"
import { createHandlers } from "./createHandlers.ts"
import { toListPage } from "./Listing.ts"
import type { Description } from "./Ownership.ts"
import { answerFor, inProgress, requestIds } from "./PendingWork.ts"
import { factsOf, formatPlace, placeOf } from "./Place.ts"
import { Target } from "./Target.ts"
import { updateHandler } from "./updateHandler.ts"

export const awsResource = <P extends Taggable, Client, D extends Description, S extends FieldsSchema<P>>(
  spec: AwsResourceSpec<P, Client, D> & { readonly properties: S },
): TypedDefinition<GivenProperties<S["fields"]>, KnownAttributes<S["fields"]>, typeof Target.Encoded, AwsClients> => {
  const { type } = spec
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
        // A create that the service would refuse for a second one has the tags that it was sent with.
        Effect.andThen(spec.describe(connection, nativeId, rest && spec.refusesSecond && (rest.Tags ?? []))),
        Effect.flatMap((description) => answerFor(spec, operation, description)),
        Effect.mapError(withNativeId(nativeId)),
      )
    }),

    read: Effect.fnUntraced(function* ({ nativeId, target }) {
      return (yield* spec.describe(yield* connect(spec.client, target), nativeId)).properties
    }),

    ...updateHandler(spec),

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
