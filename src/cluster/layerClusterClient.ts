/** The client of the database for the engine of the cluster, beside that of the state. */
import type * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { layerClient } from "../agent/store/postgres/PostgresClient.ts"

/** Where the state of a cluster is. */
export interface ClusterDatabase {
  /** With the password. */
  readonly url: Redacted.Redacted<string>
  /** The schema with the tables of the state. Those of the cluster are beside them. */
  readonly schema: string
}

/** One is kept for the leases, and one that says that the state is shared. The others are for messages and their answers. */
const maxConnections = 5

/** Its ids are above 2^53, and its leases wait for no statement of the state. */
export const layerClusterClient = (database: ClusterDatabase): Layer.Layer<SqlClient, SqlError> =>
  layerClient({ ...database, maxConnections, exactIntegers: true })
