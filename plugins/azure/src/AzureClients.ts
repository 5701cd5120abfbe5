/** The SDKs' clients: one for each service and target, loaded when first used. */
import type { CosmosClient } from "@azure/cosmos"
import type { TableServiceClient } from "@azure/data-tables"
import type { DefaultAzureCredential } from "@azure/identity"
import type { BlobServiceClient } from "@azure/storage-blob"
import type { QueueServiceClient } from "@azure/storage-queue"
import { ProviderError, Requests } from "formae/plugin"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RcMap from "effect/RcMap"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { toProviderError } from "./ErrorCodes.ts"
import type { CosmosTarget, StorageTarget } from "./Target.ts"

/** Sends one request to a service when the rate limit lets it, so `request` makes one. Interrupting it aborts the HTTP request. */
export interface Service<Client> {
  <A>(
    request: (client: Client, options: { readonly abortSignal: AbortSignal }) => Promise<A>,
  ): Effect.Effect<A, ProviderError>
}

export class AzureClients extends Context.Service<
  AzureClients,
  {
    readonly blobs: (target: StorageTarget) => Service<BlobServiceClient>
    readonly queues: (target: StorageTarget) => Service<QueueServiceClient>
    readonly tables: (target: StorageTarget) => Service<TableServiceClient>
    readonly cosmos: (target: CosmosTarget) => Service<CosmosClient>
  }
>()("@formae/plugin-azure/AzureClients") {
  // Packages are imported when first used, so that a handshake does not wait for them.
  static readonly layer = Layer.effect(
    AzureClients,
    Effect.gen(function* () {
      // Shared by all clients, because it caches tokens.
      const credential = yield* Effect.cached(
        Effect.promise(() =>
          import("@azure/identity").then(({ DefaultAzureCredential }) => new DefaultAzureCredential()),
        ),
      )
      /** Uses the connection string if there is one, otherwise the account's name and a credential. */
      const storage =
        <Client>(service: string, load: () => Promise<StorageSdk<Client>>) =>
        ({ account = "", connectionString }: StorageTarget): Effect.Effect<Client, ProviderError> =>
          connectionString === undefined
            ? Effect.flatMap(credential, (found) =>
                open(
                  "account",
                  load,
                  (Sdk) => new Sdk(`https://${account}.${service}.core.windows.net`, found, singleAttempt),
                ),
              )
            : open("connectionString", load, (Sdk) =>
                Sdk.fromConnectionString(Redacted.value(connectionString), connectionStringOptions),
              )

      return AzureClients.of({
        blobs: yield* clientsOf(
          "Blob storage",
          storage("blob", () => import("@azure/storage-blob").then(({ BlobServiceClient }) => BlobServiceClient)),
        ),
        queues: yield* clientsOf(
          "Queue storage",
          storage("queue", () => import("@azure/storage-queue").then(({ QueueServiceClient }) => QueueServiceClient)),
        ),
        tables: yield* clientsOf(
          "Table storage",
          storage("table", () => import("@azure/data-tables").then(({ TableServiceClient }) => TableServiceClient)),
        ),
        cosmos: yield* clientsOf(
          "Cosmos DB",
          Effect.fnUntraced(function* ({
            cosmosEndpoint: endpoint,
            cosmosKey,
          }: CosmosTarget): Effect.fn.Return<CosmosClient, ProviderError> {
            const identity =
              cosmosKey === undefined ? { aadCredentials: yield* credential } : { key: Redacted.value(cosmosKey) }
            return yield* open(
              "cosmosEndpoint or cosmosKey",
              () => import("@azure/cosmos"),
              ({ CosmosClient }) => new CosmosClient({ endpoint, ...identity, connectionPolicy }),
            )
          }),
        ),
      })
    }),
  )
}

/** Only the operator retries. The storage SDKs read the first number, the tables SDK the second. */
const singleAttempt = { retryOptions: { maxTries: 1, maxRetries: 0 } }

/** The connection string decides whether the connection is secure. With emulators it is not. */
const connectionStringOptions = { ...singleAttempt, allowInsecureConnection: true }

/** As above. Without discovery, the account's own address leads to the region that accepts writes. */
const connectionPolicy = {
  enableEndpointDiscovery: false,
  enableBackgroundEndpointRefreshing: false,
  retryOptions: { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 },
}

/** The client class that each package of storage exports. */
interface StorageSdk<Client> {
  new (url: string, credential: DefaultAzureCredential, options: typeof singleAttempt): Client
  readonly fromConnectionString: (connectionString: string, options: typeof connectionStringOptions) => Client
}

/** An SDK's message about an invalid connection string may quote it, so it is not passed on. */
const open = <Sdk, Client>(
  field: string,
  load: () => Promise<Sdk>,
  make: (sdk: Sdk) => Client,
): Effect.Effect<Client, ProviderError> =>
  Effect.flatMap(Effect.promise(load), (sdk) =>
    Effect.try({
      try: () => make(sdk),
      catch: () =>
        ProviderError.of("InvalidRequest", `target config: ${field}: Expected the value that the Azure portal shows`),
    }),
  )

/** Clients of Cosmos DB must be disposed of. Those of storage hold nothing: Node closes their idle sockets. */
const close = (client: { readonly dispose?: () => void }) => Effect.sync(() => client.dispose?.())

const clientsOf = <Target, Client extends object>(
  service: string,
  lookup: (target: Target) => Effect.Effect<Client, ProviderError>,
): Effect.Effect<(target: Target) => Service<Client>, never, Scope.Scope> =>
  Effect.map(
    RcMap.make({
      lookup: (target: Target) => Effect.acquireRelease(lookup(target), close),
      idleTimeToLive: "5 minutes",
    }),
    (clients) => (target) => (request) =>
      RcMap.get(clients, target).pipe(
        Effect.flatMap((client) =>
          Effect.tryPromise({
            try: (abortSignal) => request(client, { abortSignal }),
            catch: (error) => toProviderError(service, error),
          }),
        ),
        Effect.scoped,
        Requests.limited,
      ),
  )
