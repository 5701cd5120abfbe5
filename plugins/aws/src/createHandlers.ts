/** The handlers that create a resource, and that find out after a crash what became of a create. */
import { withNativeId, type ProviderAnswer, type ProviderError, type ResourceSpec } from "formae/plugin"
import { isRecoverable, Properties } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { AwsClients } from "./AwsClients.ts"
import type { AwsResourceSpec, Taggable, Wanted } from "./AwsResourceSpec.ts"
import { connect, type Connection } from "./Connection.ts"
import { createOnce, type Description, type Ownership, recoverByTag } from "./Ownership.ts"
import { answerFor, inProgress } from "./PendingWork.ts"
import * as Tags from "./Tags.ts"
import type { Target } from "./Target.ts"

export const createHandlers = <P extends Taggable, Client, D extends Description>(
  spec: AwsResourceSpec<P, Client, D>,
): Pick<ResourceSpec<P, Target, AwsClients>, "create" | "recover"> => {
  const { find, type } = spec
  const encode = Schema.encodeEffect(spec.properties)

  /** What is created is certainly this operation's: nothing else could have been there. */
  const isCertainlyOwn = spec.refusesSecond === true || spec.checksOwner === true || spec.idempotency === "tag"

  const isConfigured = (properties: P) => spec.configure === undefined || spec.isConfigured?.(properties) === true

  /** Leaves the rest to `status`, which needs only the native id. */
  const continueLater = Effect.fnUntraced(function* (nativeId: string, properties: P) {
    if (isConfigured(properties)) return yield* inProgress({ operation: "create", nativeId })
    const rest = yield* Effect.orDie(Effect.flatMap(encode(properties), Schema.decodeUnknownEffect(Properties)))
    return yield* inProgress({ operation: "create", nativeId, properties: rest })
  })

  /** The answer about a resource that this operation has created. */
  const answerCreated = (description: D, properties: P): Effect.Effect<ProviderAnswer, ProviderError> =>
    isConfigured(properties) ? answerFor(spec, "create", description) : continueLater(description.nativeId, properties)

  const ownership = (
    look: NonNullable<typeof find>,
    connection: Connection<Client>,
    wanted: Wanted<P>,
  ): Ownership<D> => ({
    subject: `The ${type}`,
    operationId: wanted.operationId,
    keys: connection.keys,
    find: Effect.flatMap(look(connection, wanted), (nativeId) => spec.describe(connection, nativeId)),
    isOwn: spec.isOwn && ((description) => spec.isOwn?.(description, wanted) === true),
  })

  return {
    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const connection = yield* connect(spec.client, target)
      const wanted = { operationId, properties }
      yield* Tags.refuseHidden(properties.Tags, connection.keys)
      // A service that recognizes its token must get the same tags again, even if their key has changed meanwhile.
      const tags =
        find === undefined
          ? [...(properties.Tags ?? [])]
          : Tags.withOperation(properties.Tags, operationId, connection.keys)
      const create = Effect.suspend(() => spec.create(connection, { ...wanted, tags }))
      // What remains to be configured is described after that. A look before it would tell nothing.
      const describe =
        isCertainlyOwn && !isConfigured(properties)
          ? undefined
          : (nativeId: string) => spec.describe(connection, nativeId, spec.refusesSecond && tags)
      const created =
        find === undefined
          ? Effect.flatMap(create, (nativeId) =>
              Effect.mapError(spec.describe(connection, nativeId), withNativeId(nativeId)),
            )
          : createOnce({
              ...ownership(find, connection, wanted),
              create,
              describe,
              looksFirst: spec.refusesSecond !== true,
            })
      return yield* created.pipe(
        Effect.flatMap((made) =>
          typeof made === "string" ? continueLater(made, properties) : answerCreated(made, properties),
        ),
        // A service may list a new resource, and its tags, only some time after the create. A retry would not
        // find it and would create a second one, so from here on only its native id is asked for.
        Effect.catchIf(
          (error) => spec.idempotency === "tag" && error.nativeId !== undefined && isRecoverable(error.code),
          ({ nativeId = "" }) => continueLater(nativeId, properties),
        ),
      )
    }),

    ...(find !== undefined && {
      recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
        const connection = yield* connect(spec.client, target)
        return yield* recoverByTag(ownership(find, connection, { operationId, properties }), (description) =>
          answerCreated(description, properties),
        )
      }),
    }),
  }
}
