/** Builds a resource type of FakeAWS: all that its types have in common. */
import {
  Answer,
  defineResource,
  type FieldsSchema,
  type GivenProperties,
  type KnownAttributes,
  ProviderError,
  type TypedDefinition,
} from "formae/plugin"
import type { NativeId, Properties, PropertyTraits } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import { normalize } from "node:path"
import type { Cloud } from "./Cloud.ts"
import type { CloudResourceSpec } from "./CloudResourceSpec.ts"
import { createHandlers } from "./createHandlers.ts"
import { listPage } from "./listPage.ts"
import { providerCall } from "./providerCall.ts"
import type { Row } from "./Tables.ts"
import { Target } from "./Target.ts"

/** The cloud is ready within milliseconds: polled as rarely as a real one, most of the time would be waiting. */
const poll = { baseMillis: 25, factor: 1.5, capMillis: 1_000 }

export const cloudResource = <P extends Properties, S extends FieldsSchema<P>>(
  spec: CloudResourceSpec<P> & { readonly properties: S },
): TypedDefinition<GivenProperties<S["fields"]>, KnownAttributes<S["fields"]>, typeof Target.Encoded, Cloud> => {
  const definition = defineResource<P, Target, Cloud, S, typeof Target>({
    type: spec.type,
    idempotency: spec.idempotency,
    properties: spec.properties,
    target: Target,
    poll,

    ...createHandlers(spec, (row) => visible(row)),

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
              const fixed = changedCreateOnly(traits(), row.properties, request.desired)
              if (fixed !== undefined) {
                return Result.fail(ProviderError.of("NotUpdatable", `${fixed} cannot be changed after create`))
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

    // A cloud is one account in one region.
    identify: ({ properties, target: { cloud, region } }) =>
      Effect.succeed({
        place: JSON.stringify([normalize(cloud), region]),
        nativeId: spec.identify?.(properties),
        facts: { accountId: "000000000000", partition: "aws", region },
      }),

    list: (request) => providerCall({ ...request, operation: "list" }, (account) => listPage(account, request)),
  })
  const traits = () => definition.capabilities.properties
  const visible = (row: Row): Properties =>
    Object.fromEntries(Object.entries(row.properties).filter(([name]) => traits()[name]?.writeOnly !== true))
  return definition
}

const notFound = (nativeId: NativeId) => ProviderError.of("NotFound", `${nativeId} does not exist`)

/** The first create-only property whose desired value differs from the present one. */
const changedCreateOnly = (
  traits: Readonly<Record<string, PropertyTraits>>,
  present: Properties,
  desired: Properties,
): string | undefined =>
  Object.keys(desired).find((name) => traits[name]?.createOnly === true && !Equal.equals(present[name], desired[name]))
