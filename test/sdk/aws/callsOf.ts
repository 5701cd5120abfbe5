/** The calls of one resource type on an emulator, with plain strings as ids. */
import { type ProviderAnswer, ProviderError } from "formae/plugin"
import { NativeId, OperationId, type PatchOperation, type Properties, ResourceType } from "formae/protocol"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { AwsClients } from "../../../plugins/aws/src/AwsClients.ts"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import type { Emulator } from "../emulators/Emulator.ts"

export const callsOf = (typeName: string, { endpoint }: Emulator, region = "eu-central-1") => {
  const resourceType = ResourceType.make(typeName)
  const definition = plugin.types.get(resourceType)
  if (definition?.list === undefined) throw new TypeError(`Not served: ${typeName}`)
  const { list, recover, status, update } = definition
  const subject = (operationId = "op-1") => ({
    operationId: OperationId.make(operationId),
    resourceType,
    targetConfig: { region, endpoint },
    label: "it",
  })

  /** Polls the status, as the operator does, until the work has ended. */
  const pollToEnd = (answer: ProviderAnswer) => {
    if (answer._tag === "Succeeded") return Effect.succeed(answer)
    let { requestId } = answer
    const ask = Effect.suspend(() => status?.({ ...subject(), requestId }) ?? Effect.die(`${typeName} has no status`))
    return ask.pipe(
      Effect.tap((now) =>
        Effect.sync(() => {
          if (now._tag === "InProgress") requestId = now.requestId
        }),
      ),
      Effect.filterOrFail(
        (now) => now._tag === "Succeeded",
        () => ProviderError.of("NotStabilized", "in progress"),
      ),
      Effect.retry({
        schedule: Schedule.spaced("20 millis"),
        times: 250,
        while: ({ code }) => code === "NotStabilized",
      }),
    )
  }

  return {
    pollToEnd,
    /** Returns the first answer. */
    beginCreate: (properties: Properties, operationId?: string) =>
      definition.create({ ...subject(operationId), properties }),
    create: (properties: Properties, operationId?: string) =>
      Effect.flatMap(definition.create({ ...subject(operationId), properties }), pollToEnd),
    read: (nativeId: string) => definition.read({ ...subject(), nativeId: NativeId.make(nativeId) }),
    update: (nativeId: string, desired: Properties, given: ReadonlyArray<PatchOperation> = [], lastRead?: Properties) =>
      Effect.flatMap(
        update?.({
          ...subject("op-update"),
          nativeId: NativeId.make(nativeId),
          prior: {},
          desired,
          patch: completed(desired, given),
          ...(lastRead && { lastRead }),
        }) ?? Effect.die(`${typeName} has no update`),
        pollToEnd,
      ),
    /** What became of a create. */
    recover: (properties: Properties, operationId?: string) =>
      recover?.({ ...subject(operationId), properties }) ?? Effect.die(`${typeName} does not support recovery`),
    /** Which thing a create would make. */
    identify: (properties?: Properties) => definition.identify({ ...subject(), ...(properties && { properties }) }),
    beginDelete: (nativeId: string) => definition.delete({ ...subject(), nativeId: NativeId.make(nativeId) }),
    delete: (nativeId: string) =>
      Effect.flatMap(definition.delete({ ...subject(), nativeId: NativeId.make(nativeId) }), pollToEnd),
    /** All pages, `pageSize` at a time. */
    list: Effect.fnUntraced(function* (
      pageSize: number,
    ): Effect.fn.Return<ReadonlyArray<string>, ProviderError, AwsClients> {
      const all: Array<string> = []
      let page = yield* list({ ...subject(), pageSize })
      all.push(...page.nativeIds)
      while (page.nextPageToken !== undefined) {
        page = yield* list({ ...subject(), pageSize, pageToken: page.nextPageToken })
        all.push(...page.nativeIds)
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
