/** Azure::Storage::Table. Its native id is its name, which is all that the service keeps. */
import { defineResource, knownTokens, Property, ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AzureClients } from "../AzureClients.ts"
import { alreadyExists } from "../Ownership.ts"
import { firstPage, pageOf, pageSettings } from "../Pages.ts"
import { publicUrl } from "../publicUrl.ts"
import { factsOf, placeOfStorage, StorageTarget } from "../Target.ts"
import { unmarkedCreate } from "../unmarkedCreate.ts"

const properties = Schema.Struct({
  Name: Property.named({ letters: "lower", separator: "", maxLength: 63 })(
    Schema.String.check(Schema.isPattern(/^[A-Za-z][A-Za-z0-9]{2,62}$/u, { message: "Expected the name of a table" })),
  ),
  Url: Property.output(Schema.String),
})

const notFound = (name: string) => ProviderError.of("NotFound", `Table storage: there is no table ${name}`)

export const Table = defineResource({
  type: "Azure::Storage::Table",
  properties,
  target: StorageTarget,
  identify: ({ properties: { Name }, target }) =>
    Effect.succeed({ place: placeOfStorage(target), nativeId: Name, facts: factsOf(target) }),
  ...unmarkedCreate<typeof properties.Type, StorageTarget>({
    type: "Azure::Storage::Table",
    properties,
    nativeId: ({ Name }) => Name,
    placeOf: placeOfStorage,
    create: Effect.fnUntraced(function* (target, { Name }) {
      const tables = (yield* AzureClients).tables(target)
      const status = yield* tables((client, options) =>
        statusOf((onResponse) => client.createTable(Name, { ...options, onResponse })),
      )
      if (status === 409) return yield* alreadyExists(Name)
    }),
    describe: Effect.fnUntraced(function* (target, nativeId) {
      const tables = (yield* AzureClients).tables(target)
      const filter = `TableName eq '${nativeId.replaceAll("'", "''")}'`
      const { found, url } = yield* tables((client, options) =>
        firstPage(client.listTables({ ...options, queryOptions: { filter } }).byPage()).then((page) => ({
          found: page?.find(({ name }) => name === nativeId),
          url: client.url,
        })),
      )
      return found === undefined
        ? yield* notFound(nativeId)
        : { Name: nativeId, Url: `${publicUrl(url).replace(/\/$/, "")}/${nativeId}` }
    }),
    delete: Effect.fnUntraced(function* (target, nativeId) {
      const tables = (yield* AzureClients).tables(target)
      const status = yield* tables((client, options) =>
        statusOf((onResponse) => client.deleteTable(nativeId, { ...options, onResponse })),
      )
      if (status === 404) return yield* notFound(nativeId)
    }),
  }),
  list: knownTokens(
    Effect.fnUntraced(function* ({ pageSize: maxPageSize, pageToken: continuationToken, target }) {
      const tables = (yield* AzureClients).tables(target)
      const page = yield* tables((client, options) =>
        firstPage(client.listTables(options).byPage(pageSettings(maxPageSize, continuationToken))),
      )
      const names = (page ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]))
      return pageOf({ names, next: page?.continuationToken })
    }),
  ),
})

/** The SDK does not fail if the table already exists, or is already gone: only the status of the response shows it. */
const statusOf = (
  request: (onResponse: (response: { readonly status: number }) => void) => Promise<unknown>,
): Promise<number | undefined> => {
  let status: number | undefined
  return request((response) => {
    status = response.status
  }).then(() => status)
}
