/**
 * The handlers of a storage type whose resources carry the operation id in
 * their metadata, so that a repeated create recognizes its own resource.
 */
import { Answer, type ProviderError, type ResourceSpec } from "formae/plugin"
import * as Effect from "effect/Effect"
import { AzureClients, type Service } from "./AzureClients.ts"
import * as Metadata from "./Metadata.ts"
import { MetadataKeys } from "./MetadataKeys.ts"
import { createOnce, type Description, recoverByMetadata } from "./Ownership.ts"
import type { StorageTarget } from "./Target.ts"

interface MarkedSpec<P, Client> {
  readonly client: (clients: AzureClients["Service"], target: StorageTarget) => Service<Client>
  readonly nativeId: (properties: P) => string
  /** Creates the resource and its metadata in one step. Fails with `AlreadyExists` if the name is taken. */
  readonly create: (
    service: Service<Client>,
    properties: P,
    metadata: Record<string, string>,
  ) => Effect.Effect<unknown, ProviderError>
  /** Fails with `NotFound` if the resource does not exist. */
  readonly describe: (service: Service<Client>, nativeId: string) => Effect.Effect<Description, ProviderError>
  readonly delete: (service: Service<Client>, nativeId: string) => Effect.Effect<unknown, ProviderError>
}

type Handlers<P> = Required<
  Pick<ResourceSpec<P, StorageTarget, AzureClients>, "create" | "delete" | "idempotency" | "read" | "recover">
>

export const markedCreate = <P extends { readonly Metadata?: Metadata.Metadata }, Client>(
  spec: MarkedSpec<P, Client>,
): Handlers<P> => {
  const connect = (target: StorageTarget) => Effect.map(AzureClients, (clients) => spec.client(clients, target))

  return {
    idempotency: "name",

    create: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const service = yield* connect(target)
      const nativeId = spec.nativeId(properties)
      const keys = yield* MetadataKeys
      yield* Metadata.refuseHidden(properties.Metadata, keys)
      const metadata = Metadata.withOperation(properties.Metadata, operationId, keys)
      const created = yield* createOnce({
        nativeId,
        operationId,
        keys,
        create: spec.create(service, properties, metadata),
        describe: spec.describe(service, nativeId),
      })
      return Answer.succeeded(created)
    }),

    recover: Effect.fnUntraced(function* ({ operationId, properties, target }) {
      const service = yield* connect(target)
      return yield* recoverByMetadata(
        operationId,
        yield* MetadataKeys,
        spec.describe(service, spec.nativeId(properties)),
      )
    }),

    read: Effect.fnUntraced(function* ({ nativeId, target }) {
      return (yield* spec.describe(yield* connect(target), nativeId)).properties
    }),

    delete: Effect.fnUntraced(function* ({ nativeId, target }) {
      yield* spec.delete(yield* connect(target), nativeId)
      return Answer.deleted(nativeId)
    }),
  }
}
