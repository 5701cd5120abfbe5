/** The indexing policy of a Cosmos DB container, as Cosmos DB documents it. */
import { Property, returned } from "formae/plugin"
import type { IndexingMode, IndexingPolicy as ServicePolicy } from "@azure/cosmos"
import type { Properties } from "formae/protocol"
import * as Schema from "effect/Schema"

/** Cosmos DB always leaves this path out of the index, and adds it to each policy. */
const alwaysExcluded = `/"_etag"/?`

const Path = Schema.Struct({ path: Schema.String })

export const IndexingPolicy = Schema.Struct({
  indexingMode: Schema.Literals(["consistent", "none"]),
  automatic: Property.defaultsTo(true)(Schema.optionalKey(Schema.Boolean)),
  includedPaths: Schema.optionalKey(Schema.Array(Path)).pipe(Property.distinct, Property.absentWhenEmpty),
  excludedPaths: Schema.optionalKey(
    Schema.Array(
      Path.check(
        Schema.makeFilter(
          ({ path }) => path !== alwaysExcluded || "Expected no _etag, because it is never in the index",
        ),
      ),
    ),
  ).pipe(Property.distinct, Property.absentWhenEmpty),
  compositeIndexes: Schema.optionalKey(
    Schema.Array(
      Schema.Array(Schema.Struct({ path: Schema.String, order: Schema.Literals(["ascending", "descending"]) })),
    ),
  ).pipe(Property.distinct, Property.absentWhenEmpty),
})

/** The policy of a container that is created without one. */
export const defaultIndexingPolicy: typeof IndexingPolicy.Type = {
  indexingMode: "consistent",
  automatic: true,
  includedPaths: [{ path: "/*" }],
  excludedPaths: [],
}

/** The policy as the SDK accepts it. */
export const servicePolicyOf = (policy: typeof IndexingPolicy.Type): ServicePolicy => ({
  indexingMode: policy.indexingMode as IndexingMode,
  ...(policy.automatic === undefined ? {} : { automatic: policy.automatic }),
  ...(policy.includedPaths && { includedPaths: [...policy.includedPaths] }),
  ...(policy.excludedPaths && { excludedPaths: [...policy.excludedPaths] }),
  ...(policy.compositeIndexes && { compositeIndexes: policy.compositeIndexes.map((index) => [...index]) }),
})

/** The policy as a property, without what Cosmos DB adds to it. */
export const indexingPolicyOf = (policy: ServicePolicy): Properties => {
  const pathsOf = (paths: ServicePolicy["includedPaths"]) => paths?.map(({ path }) => ({ path }))
  return returned({
    indexingMode: policy.indexingMode,
    automatic: policy.automatic,
    includedPaths: pathsOf(policy.includedPaths),
    excludedPaths: pathsOf(policy.excludedPaths)?.filter(({ path }) => path !== alwaysExcluded),
    compositeIndexes: policy.compositeIndexes?.map((index) => index.map(({ order, path }) => ({ path, order }))),
  })
}
