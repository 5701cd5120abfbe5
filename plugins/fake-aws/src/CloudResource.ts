/** Makes a resource type of FakeAWS: what is the same for all of them, once. */
import {
  Answer,
  defineResource,
  type FieldsSchema,
  type GivenProperties,
  type KnownAttributes,
  ProviderError,
  Recovered,
  type TypedDefinition,
} from "formae/plugin"
import type { NativeId, Properties, PropertyTraits } from "formae/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import type { Account, Cloud } from "./Cloud.ts"
import { canBeAsked, createOnce, findMade } from "./CreateOnce.ts"
import type { CloudResourceSpec } from "./CloudResourceSpec.ts"
import { providerCall } from "./ProviderCall.ts"
import { requestIds, settle } from "./Settlement.ts"
import type { Row } from "./Tables.ts"
import { Target } from "./Target.ts"

/** The cloud is ready within milliseconds: asked about as rarely as a real one, most of the time would be waiting. */
const poll = { baseMillis: 25, factor: 1.5, capMillis: 1_000 }

const pageSizeByDefault = 100

export const cloudResource = <P extends Properties, S extends FieldsSchema<P>>(
  spec: CloudResourceSpec<P> & { readonly properties: S },
): TypedDefinition<GivenProperties<S["fields"]>, KnownAttributes<S["fields"]>, typeof Target.Encoded, Cloud> => {
  const definition = defineResource<P, Target, Cloud, S, typeof Target>({
    type: spec.type,
    idempotency: spec.idempotency,
    properties: spec.properties,
    target: Target,
    poll,

    create: (request) =>
      providerCall(
        { ...request, operation: "create" },
        Effect.fnUntraced(function* (account: Account, seq: number) {
          // A test clock may stand between two milliseconds; the table has whole ones.
          const createdAt = Math.floor(yield* Clock.currentTimeMillis)
          const row = yield* account.transact((tables) => createOnce(tables, spec, { ...request, createdAt, seq }))
          return yield* settle(row, { ...request, visible })
        }),
      ),

    status: (request) =>
      Effect.flatMap(requestIds.read(request.requestId), ({ label, nativeId }) =>
        providerCall(
          { ...request, nativeId, label, operation: "status" },
          Effect.fnUntraced(function* (account: Account) {
            const row = yield* account.run((tables) => tables.find(request.resourceType, nativeId))
            // Certain, and so not the recoverable NotFound: it was there when the create was accepted.
            if (row === undefined) {
              return yield* ProviderError.of("GeneralServiceException", `${nativeId} was deleted before it was ready`)
            }
            return yield* settle(row, { target: request.target, label, visible })
          }),
        ),
      ),

    ...(canBeAsked(spec.idempotency) && {
      recover: (request) =>
        providerCall(
          { ...request, operation: "recover" },
          Effect.fnUntraced(function* (account: Account) {
            const row = yield* account.run((tables) => findMade(tables, spec, request))
            if (row === undefined) return Recovered.notStarted
            const answer = yield* settle(row, { ...request, visible })
            return answer._tag === "Succeeded" ? Recovered.done(answer) : Recovered.inProgress(answer)
          }),
        ),
    }),

    read: (request) =>
      providerCall({ ...request, operation: "read" }, (account) =>
        account
          .run((tables) => tables.find(request.resourceType, request.nativeId))
          .pipe(
            Effect.flatMap((row) =>
              row === undefined ? Effect.fail(notFound(request.nativeId)) : Effect.succeed(visible(row)),
            ),
          ),
      ),

    ...(spec.immutable !== true && {
      update: (request) =>
        providerCall({ ...request, operation: "update" }, (account) =>
          account
            .transact((tables) => {
              const row = tables.find(request.resourceType, request.nativeId)
              if (row === undefined) return Result.fail(notFound(request.nativeId))
              const fixed = changedForGood(traits(), row.properties, request.desired)
              if (fixed !== undefined) {
                return Result.fail(ProviderError.of("NotUpdatable", `${fixed} can not be changed after create`))
              }
              const properties = { ...request.desired, ...spec.outputs(row.nativeId, request.desired) }
              tables.change(request.resourceType, row.nativeId, properties)
              return Result.succeed({ ...row, properties })
            })
            .pipe(Effect.map((row) => Answer.succeeded({ nativeId: row.nativeId, properties: visible(row) }))),
        ),
    }),

    delete: (request) =>
      providerCall({ ...request, operation: "delete" }, (account) =>
        account.transact((tables) => {
          const refusal = spec.refuseDelete?.(tables, request.nativeId)
          if (refusal !== undefined) return Result.fail(refusal)
          const removed = tables.remove(request.resourceType, request.nativeId)
          return removed ? Result.succeed(Answer.deleted(request.nativeId)) : Result.fail(notFound(request.nativeId))
        }),
      ),

    list: (request) =>
      providerCall({ ...request, operation: "list" }, (account) => {
        const size = request.pageSize ?? pageSizeByDefault
        return readPageToken(request.pageToken).pipe(
          Effect.flatMap((after) => account.run((tables) => tables.page(request.resourceType, after, size + 1))),
          Effect.map((found) => {
            const nativeIds = found.slice(0, size)
            const last = nativeIds.at(-1)
            return found.length > size && last !== undefined
              ? { nativeIds, nextPageToken: `${afterId}${last}` }
              : { nativeIds }
          }),
        )
      }),
  })
  const traits = () => definition.capabilities.properties
  const visible = (row: Row): Properties =>
    Object.fromEntries(Object.entries(row.properties).filter(([name]) => traits()[name]?.writeOnly !== true))
  return definition
}

/** How a page token begins, which names the last resource of the page before: of anything else it is not one. */
const afterId = "after:"

/** The native id that a page begins after. */
const readPageToken = (token: string | undefined): Effect.Effect<string, ProviderError> => {
  if (token === undefined) return Effect.succeed("")
  return token.startsWith(afterId)
    ? Effect.succeed(token.slice(afterId.length))
    : Effect.fail(ProviderError.of("InvalidRequest", `the page token ${token} is not one of FakeAWS`))
}

const notFound = (nativeId: NativeId) => ProviderError.of("NotFound", `${nativeId} does not exist`)

/** The first create-only property that is wanted otherwise than it is. */
const changedForGood = (
  traits: Readonly<Record<string, PropertyTraits>>,
  present: Properties,
  desired: Properties,
): string | undefined =>
  Object.keys(desired).find((name) => traits[name]?.createOnly === true && !Equal.equals(present[name], desired[name]))
