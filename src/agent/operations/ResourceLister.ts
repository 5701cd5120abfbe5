/** Lists the resources of a type at their provider, page by page. A list changes nothing, so it is not in the journal. */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type NativeId, namespaceOf, OperationId, type ResourceType } from "../../protocol/Identity.ts"
import { mask } from "../../protocol/Masking.ts"
import type { ListPage } from "../../protocol/Operation.ts"
import type { TargetConfig } from "../../protocol/Resource.ts"
import { TargetConfigs } from "../secrets/TargetConfigs.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import { ChangeFailed, notReached, vaultFailure } from "./ChangeFailed.ts"
import { targetSecrets } from "./targetSecrets.ts"

/** The pages of a list, each as its native ids. A page is asked for when the one before was taken. */
export type ListResources = (
  type: ResourceType,
  targetConfig: TargetConfig,
) => Stream.Stream<ReadonlyArray<NativeId>, ChangeFailed>

export const makeResourceLister = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const configs = yield* TargetConfigs
  const random = yield* SecureRandom.SecureRandom

  const pageOf = Effect.fn("ResourceLister.page")(function* (
    type: ResourceType,
    targetConfig: TargetConfig,
    pageToken: string | undefined,
  ): Effect.fn.Return<ListPage, ChangeFailed> {
    const namespace = namespaceOf(type)
    const operationId = OperationId.make(yield* random.uuidV7())
    const request = { operationId, resourceType: type, targetConfig, ...(pageToken === undefined ? {} : { pageToken }) }
    return yield* coordinator.operator({ namespace, resourceUri: type, operation: "List", operationId }).pipe(
      Effect.flatMap((operator) => operator.list(request)),
      Effect.retry({ times: maxRetries, while: ({ _tag }) => _tag === "ConnectionLost" }),
      Effect.catchTag("ListFailed", ({ failure: { code, message } }) =>
        Effect.flatMap(targetSecrets(coordinator, type, targetConfig), (secrets) => {
          const reason = { _tag: "ProviderFailed", code } as const
          return Effect.fail(new ChangeFailed({ reason, message: mask(message, secrets), attempts: 0 }))
        }),
      ),
      Effect.mapError((error) => (error._tag === "ChangeFailed" ? error : notReached(error))),
    )
  })

  const pagesOf = (type: ResourceType, targetConfig: TargetConfig) =>
    Stream.paginate({ token: undefined as string | undefined, count: 1 }, ({ count, token }) =>
      Effect.gen(function* () {
        const { nativeIds, nextPageToken: next } = yield* pageOf(type, targetConfig, token)
        if (next === undefined) return [[nativeIds], Option.none()] as const
        if (next === token || count === maxPages) return yield* endless
        return [[nativeIds], Option.some({ token: next, count: count + 1 })] as const
      }),
    )

  const list: ListResources = (type, lockedConfig) =>
    Stream.unwrap(
      Effect.map(Effect.mapError(configs.open(lockedConfig), vaultFailure), (config) => pagesOf(type, config)),
    )
  return list
}).pipe(Effect.provide(SecureRandom.layerWebCrypto))

/** How often a page is asked for again when its plugin is lost. */
const maxRetries = 3

/** A plugin whose list never ends costs this many calls. */
const maxPages = 100_000

const endless = new ChangeFailed({
  reason: { _tag: "CallFailed", condition: "ProtocolError" },
  message: "the list does not end: its plugin gives the same page again and again",
  attempts: 0,
})
