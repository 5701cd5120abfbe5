/** Cosmos DB. */
import type { ContainerDefinition, CosmosClient, IndexingMode } from "@azure/cosmos"
import { fixed, type PropertyCase, type Subject, type Thing } from "../Subject.ts"

export const SqlDatabase: Subject<CosmosClient> = {
  type: "Azure::DocumentDB::SqlDatabase",
  required: (name) => ({ Name: name }),
  cases: (name) => [{ property: "Name", value: name, changed: `${name}-b`, drift: fixed }],
  delete: (cosmos, { nativeId }) => cosmos.database(nativeId).delete(),
}

const containerOf = (cosmos: CosmosClient, { nativeId }: Thing) => {
  const [database = "", container = ""] = nativeId.split("/")
  return cosmos.database(database).container(container)
}

const replace = (change: Partial<ContainerDefinition>) => (cosmos: CosmosClient, thing: Thing) => {
  const container = containerOf(cosmos, thing)
  return container.read().then(({ resource }) => container.replace({ ...resource, id: container.id, ...change }))
}

const policy = (...excluded: ReadonlyArray<string>) => ({
  indexingMode: "consistent" as IndexingMode,
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: excluded.map((path) => ({ path })),
})

const cases = (name: string): ReadonlyArray<PropertyCase<CosmosClient>> => [
  {
    property: "DatabaseName",
    value: { $ref: "database.Name" },
    changed: { $ref: "database-b.Name" },
    drift: fixed,
  },
  { property: "Name", value: name, changed: `${name}-b`, drift: fixed },
  { property: "PartitionKeyPaths", value: ["/tenant"], changed: ["/customer"], drift: fixed },
  { property: "UniqueKeys", value: [{ paths: ["/number"] }], changed: [{ paths: ["/name"] }], drift: fixed },
  { property: "DefaultTtl", value: 3600, changed: -1, drift: replace({ defaultTtl: 60 }) },
  {
    property: "IndexingPolicy",
    value: policy("/body/*"),
    changed: policy("/body/*", "/raw/*"),
    drift: replace({ indexingPolicy: policy("/other/*") }),
    removed: policy(),
  },
]

export const SqlContainer: Subject<CosmosClient> = {
  type: "Azure::DocumentDB::SqlContainer",
  others: (name) => [
    { label: "database", type: "Azure::DocumentDB::SqlDatabase", properties: { Name: name } },
    { label: "database-b", type: "Azure::DocumentDB::SqlDatabase", properties: { Name: `${name}-b` } },
  ],
  required: (name) => ({ DatabaseName: { $ref: "database.Name" }, Name: name, PartitionKeyPaths: ["/tenant"] }),
  cases,
  delete: (cosmos, thing) => containerOf(cosmos, thing).delete(),
}
