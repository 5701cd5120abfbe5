/** The handler that changes a resource in place. */
import { Answer, type ProviderError, type ResourceSpec } from "formae/plugin"
import * as Effect from "effect/Effect"
import type { AwsClients } from "./AwsClients.ts"
import type { AwsResourceSpec, Taggable } from "./AwsResourceSpec.ts"
import { connect, type Connection } from "./Connection.ts"
import { type LastRead, lastRead } from "./LastRead.ts"
import { type Description, withTags } from "./Ownership.ts"
import { answerFor } from "./PendingWork.ts"
import * as Tags from "./Tags.ts"
import type { Target } from "./Target.ts"

export const updateHandler = <P extends Taggable, Client, D extends Description>(
  spec: AwsResourceSpec<P, Client, D>,
): Pick<ResourceSpec<P, Target, AwsClients>, "takesLastRead" | "update"> => {
  const hasTags = (spec.putTags ?? spec.replaceTags) !== undefined
  if (!hasTags && spec.update === undefined) return {}
  return {
    ...(hasTags && { takesLastRead: true }),
    update: Effect.fnUntraced(function* (request) {
      const { desired, nativeId, operationId, patch, target } = request
      const connection = yield* connect(spec.client, target)
      const present = yield* Effect.cached(spec.describe(connection, nativeId))
      const last = lastRead(request)
      const tags = Tags.wanted({ desired, patch })
      const { keys } = connection
      if (tags !== undefined) {
        yield* Tags.refuseHidden(tags, keys)
        const before = last === undefined ? yield* present : yield* withAllTags(spec, connection, last)
        yield* changeTags(spec, connection, before, tags)
      }
      // A service that has accepted the tags may still list the old ones for a while.
      if (tags !== undefined && Tags.isAllOf(patch)) {
        return last === undefined
          ? yield* answerFor(spec, "update", withTags(yield* present, tags, keys))
          : Answer.succeeded(withTags(last, tags, keys))
      }
      yield* spec.update?.(connection, { nativeId, operationId, desired, patch, present }) ?? Effect.void
      return yield* answerFor(spec, "update", yield* spec.describe(connection, nativeId, last && (tags ?? last.tags)))
    }),
  }
}

/** With the hidden tags, where changing the others takes them. */
const withAllTags = <P extends Taggable, Client, D extends Description>(
  { listTags }: AwsResourceSpec<P, Client, D>,
  connection: Connection<Client>,
  last: LastRead,
): Effect.Effect<Description, ProviderError> =>
  listTags === undefined
    ? Effect.succeed(last)
    : Effect.map(listTags(connection, last.nativeId), (tags) => ({ ...last, tags }))

const changeTags = Effect.fnUntraced(function* <P extends Taggable, Client, D extends Description>(
  { putTags, removeTags, replaceTags }: AwsResourceSpec<P, Client, D>,
  connection: Connection<Client>,
  present: Description,
  wanted: Tags.Tags,
) {
  // A service that keeps no tags has none to change.
  if (present.tags === undefined) return
  const { put, remove } = Tags.changes(present.tags, wanted, connection.keys)
  if (put.length + remove.length === 0) return
  yield* replaceTags?.(connection, present, [...Tags.hidden(present.tags, connection.keys), ...wanted]) ?? Effect.void
  if (remove.length > 0) yield* removeTags?.(connection, present, remove) ?? Effect.void
  if (put.length > 0) yield* putTags?.(connection, present, put) ?? Effect.void
})
