/** The calls of one resource type on an emulator, with plain strings as ids. */
import { type ProviderAnswer, ProviderError } from "formae/plugin"
import {
  NativeId,
  OperationId,
  type PatchOperation,
  type Properties,
  RequestId,
  ResourceType,
  type TargetConfig,
} from "formae/protocol"
import * as Effect from "effect/Effect"
import { plugin } from "../../../plugins/azure/src/plugin.ts"

type Handlers = typeof plugin.types extends ReadonlyMap<ResourceType, infer Definition> ? Definition : never
type Needs = Handlers extends { readonly read: (request: never) => Effect.Effect<unknown, ProviderError, infer R> }
  ? R
  : never

export const callsOf = (typeName: string, targetConfig: TargetConfig) => {
  const resourceType = ResourceType.make(typeName)
  const definition = plugin.types.get(resourceType)
  if (definition?.list === undefined || definition.recover === undefined) throw new TypeError(`Not served: ${typeName}`)
  const { list, recover } = definition
  const subject = (operationId = "op-1") => ({
    operationId: OperationId.make(operationId),
    resourceType,
    targetConfig,
    label: "it",
  })
  const status = (requestId: string, operationId?: string) =>
    definition.status?.({ ...subject(operationId), requestId: RequestId.make(requestId) }) ??
    Effect.die(`${typeName} has no status`)

  /** Asks for the status once, because here everything has ended by the first poll. */
  const pollToEnd = (operationId?: string) => (answer: ProviderAnswer) =>
    (answer._tag === "Succeeded" ? Effect.succeed(answer) : status(answer.requestId, operationId)).pipe(
      Effect.filterOrFail(
        (now) => now._tag === "Succeeded",
        () => ProviderError.of("NotStabilized", "in progress"),
      ),
    )
  const beginCreate = (properties: Properties, operationId?: string) =>
    definition.create({ ...subject(operationId), properties })

  return {
    status,
    /** Returns the first answer. */
    beginCreate,
    create: (properties: Properties, operationId?: string) =>
      Effect.flatMap(beginCreate(properties, operationId), pollToEnd(operationId)),
    recover: (properties: Properties, operationId?: string, nativeId?: string) =>
      recover({
        ...subject(operationId),
        properties,
        ...(nativeId === undefined ? {} : { nativeId: NativeId.make(nativeId) }),
      }),
    identify: (properties: Properties) => definition.identify({ ...subject(), properties }),
    read: (nativeId: string) => definition.read({ ...subject(), nativeId: NativeId.make(nativeId) }),
    update: (nativeId: string, desired: Properties, given: ReadonlyArray<PatchOperation> = []) =>
      Effect.flatMap(
        definition.update?.({
          ...subject("op-update"),
          nativeId: NativeId.make(nativeId),
          prior: {},
          desired,
          patch: completed(desired, given),
        }) ?? Effect.die(`${typeName} has no update`),
        pollToEnd(),
      ),
    delete: (nativeId: string) => definition.delete({ ...subject(), nativeId: NativeId.make(nativeId) }),
    page: (pageToken: string) => list({ ...subject(), pageToken }),
    /** All pages, `pageSize` at a time. */
    list: Effect.fnUntraced(function* (
      pageSize: number,
    ): Effect.fn.Return<ReadonlyArray<ReadonlyArray<string>>, ProviderError, Needs> {
      const all: Array<ReadonlyArray<string>> = []
      let page = yield* list({ ...subject(), pageSize })
      all.push(page.nativeIds)
      while (page.nextPageToken !== undefined) {
        page = yield* list({ ...subject(), pageSize, pageToken: page.nextPageToken })
        all.push(page.nativeIds)
      }
      return all
    }),
  }
}

/** The patch, which changes everything that is wanted if it only removes. */
const completed = (desired: Properties, patch: ReadonlyArray<PatchOperation>): ReadonlyArray<PatchOperation> =>
  patch.every(({ op }) => op === "remove")
    ? [
        ...patch,
        ...Object.entries(desired).map(([name, value]) => ({ op: "replace" as const, path: `/${name}`, value })),
      ]
    : patch
