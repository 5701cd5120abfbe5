/** How the tables of a state were changed to those of this version, and what was found in them. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { SqlClient } from "effect/sql/SqlClient"

/** One name that several labels have in a converted state. It is one thing, or several in different places: the place was not kept. */
export const NamedTwice = Schema.Struct({
  /** The resource type. */
  type: Schema.String,
  /** The native id. */
  nativeId: Schema.String,
  /** Who has it, as `FORMA/LABEL`. */
  owners: Schema.Array(Schema.String),
})

/** How a state of an earlier version was converted as it was opened. */
export interface Conversion {
  /** The file with the state as it was before. */
  readonly backup: string
  /** What may have several owners. */
  readonly namedTwice: ReadonlyArray<typeof NamedTwice.Type>
}

/** How the tables of the state were changed to those of this version as it was opened. Undefined where they were not. */
export const StateConversion = Context.Reference<Conversion | undefined>("formae/agent/store/StateConversion", {
  defaultValue: () => undefined,
})

const Row = Schema.Struct({
  type: Schema.String,
  native_id: Schema.String,
  forma: Schema.String,
  label: Schema.String,
})

/**
 * Names that several labels have. Empty where the rows have places, which tell
 * things apart, and where there is no table yet: the disk was full as the first
 * command made them.
 */
export const findNamedTwice = Effect.gen(function* () {
  const sql = yield* SqlClient
  const columns = yield* sql`SELECT name FROM pragma_table_info('resources')`
  if (columns.length === 0 || columns.some(({ name }) => name === "place")) return []
  const found = yield* sql`
    SELECT resources.type, resources.native_id, resources.forma, resources.label FROM resources
    JOIN (SELECT type, native_id FROM resources GROUP BY type, native_id HAVING COUNT(*) > 1) AS twice
      ON twice.type = resources.type AND twice.native_id = resources.native_id
    ORDER BY resources.type, resources.native_id, resources.forma, resources.label`
  const rows = yield* Effect.orDie(Schema.decodeUnknownEffect(Schema.Array(Row))(found))
  const groups = Map.groupBy(rows, (row) => JSON.stringify([row.type, row.native_id]))
  return [...groups.values()].flatMap((group): ReadonlyArray<typeof NamedTwice.Type> => {
    const [first] = group
    const owners = group.map(({ forma, label }) => `${forma}/${label}`)
    return first === undefined ? [] : [{ type: first.type, nativeId: first.native_id, owners }]
  })
})
