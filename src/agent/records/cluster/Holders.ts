/**
 * Who holds which part of a state that several agents share. Each holding has an
 * epoch of its own, which every write under it checks. So the one whose part was
 * taken over writes nothing any more, and what it had claimed is free.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { CurrentHolder, type Holder, partOfCommands, partOfRunner } from "../CurrentHolder.ts"
import { makeOwnershipRow } from "../OwnershipRow.ts"
import { StateTaken } from "../StateTaken.ts"
import { type ClaimRows, makeClaimRows } from "./ClaimRows.ts"

/** One holding, as the state has it. */
export interface HeldPart {
  readonly name: string
  readonly epoch: number
  /** The runner that has it. Null where nobody does. */
  readonly runner: string | null
  /** In milliseconds since 1970. */
  readonly since: number
}

/** Keeps who holds what. */
export class Holders extends Context.Service<
  Holders,
  {
    /** The name of this runner. */
    readonly runner: string
    /** What the runner itself holds: for what is written for no forma. */
    readonly own: Holder
    /**
     * Takes a part over from the holder before, if there is one, and frees what was claimed under it.
     * Once this has ended, nothing is written under an earlier epoch of it. It is
     * given back when the scope closes.
     */
    readonly activate: (part: string) => Effect.Effect<Holder, SqlError, Scope.Scope>
    /** The holding under which this fiber writes. */
    readonly current: Effect.Effect<Holder>
    /** For a transaction: fails with `StateTaken` where the holding is not this runner's any more, or one holds the whole state alone, and keeps both from being taken before the transaction ends. */
    readonly check: (holder: Holder) => Effect.Effect<void, SqlError | StateTaken>
    /** The holding for a command of this runner that is for no forma. It is taken again where another runner has ended it. */
    readonly forCommands: Effect.Effect<Holder, SqlError>
    /**
     * Frees what commands for no forma have claimed on runners that are gone, and
     * gives those. If one is still there, such a command writes nothing more on it;
     * a later one runs under a new epoch.
     */
    readonly freeCommands: (isGone: (runner: string) => boolean) => Effect.Effect<ReadonlyArray<string>, SqlError>
    /** All parts that are held or were, by name. */
    readonly list: Effect.Effect<ReadonlyArray<HeldPart>, SqlError>
  }
>()("formae/agent/records/cluster/Holders") {
  /** In the store, for the runner with this name. No two runners may have the same one: the later one takes over from the earlier one. */
  static readonly layer = (runner: string): Layer.Layer<Holders, SqlError, SqlClient.SqlClient> =>
    Layer.effect(Holders, makeHolders(runner))
}

const makeHolders = Effect.fnUntraced(function* (runner: string) {
  const sql = yield* SqlClient.SqlClient
  const claims = makeClaimRows(sql)
  const readParts = partsOf(sql)
  const isMine = ({ epoch, name }: Holder) =>
    sql`holders.name = ${name} AND holders.epoch = ${epoch} AND holders.runner = ${runner}`
  /** The row cannot change until the transaction ends. In SQLite, no other transaction runs beside one. */
  const locked = sql.onDialectOrElse({ pg: () => sql`FOR SHARE`, orElse: () => sql`` })

  const take = Effect.fnUntraced(function* (name: string) {
    const since = yield* Clock.currentTimeMillis
    return yield* sql.withTransaction(
      Effect.gen(function* () {
        const [row] = yield* decodeTaken(
          yield* sql`
            INSERT INTO holders (name, epoch, runner, since) VALUES (${name}, 1, ${runner}, ${since})
            ON CONFLICT (name) DO UPDATE SET
              epoch = holders.epoch + 1, runner = excluded.runner, since = excluded.since, taken_from = holders.runner
            RETURNING epoch, taken_from`,
        ).pipe(Effect.orDie)
        if (row === undefined) return yield* Effect.die("a row that was written was not returned")
        const holder: Holder = { name, epoch: row.epoch, since, takenOver: row.taken_from !== null }
        yield* claims.freeBefore(holder)
        return holder
      }),
    )
  })

  const giveBack = (holder: Holder) => {
    const freed = sql`UPDATE holders SET runner = NULL WHERE ${isMine(holder)}`
    const given = sql.withTransaction(Effect.andThen(freed, claims.freeUnder(holder)))
    // It is taken over with the next epoch.
    return Effect.ignore(given, { log: true })
  }

  const whole = yield* makeOwnershipRow
  yield* whole.ensure
  const activate = (name: string) => Effect.acquireRelease(take(name), giveBack)
  const own = yield* activate(partOfRunner(runner))
  // At once: what an earlier start of this runner had claimed is free.
  let ofCommands = yield* activate(partOfCommands(runner))
  const scope = yield* Effect.scope
  const oneAtATime = Semaphore.makeUnsafe(1)

  const taken = Effect.fnUntraced(function* ({ epoch, name }: Holder) {
    const alone = (yield* whole.read)?.holder
    if (alone !== undefined) {
      const { host, pid, since } = alone
      return new StateTaken({ epoch, holder: name, pid, host, since })
    }
    const [row] = yield* readParts(sql`name = ${name}`)
    return new StateTaken({
      epoch,
      holder: name,
      ...(row === undefined || row.runner === null || row.epoch === epoch
        ? {}
        : { runner: row.runner, since: row.since }),
    })
  })

  return Holders.of({
    runner,
    own,
    activate,
    current: Effect.map(CurrentHolder, (holder) => holder ?? own),
    check: Effect.fnUntraced(function* (holder) {
      // One who holds the state alone has taken it while no runner was seen, and no runner writes beside it.
      const mine = yield* sql`
        SELECT holders.epoch FROM holders JOIN state_ownership AS whole ON whole.id = 1 AND whole.owner IS NULL
        WHERE ${isMine(holder)} ${locked}`
      if (mine.length === 0) return yield* yield* taken(holder)
    }),
    forCommands: oneAtATime.withPermit(
      Effect.gen(function* () {
        const mine = yield* readParts(isMine(ofCommands))
        if (mine.length === 0) ofCommands = yield* Scope.provide(activate(partOfCommands(runner)), scope)
        return ofCommands
      }),
    ),
    freeCommands: makeFreeCommands(sql, claims),
    list: readParts(sql`1 = 1`),
  })
})

const partsOf = (sql: SqlClient.SqlClient) => (which: Fragment) =>
  sql`SELECT name, epoch, runner, since FROM holders WHERE ${which} ORDER BY name`.pipe(
    Effect.flatMap((rows) => Effect.orDie(decodeParts(rows))),
  )

const makeFreeCommands = (sql: SqlClient.SqlClient, claims: ClaimRows): Holders["Service"]["freeCommands"] =>
  Effect.fnUntraced(function* (isGone) {
    const claiming = yield* partsOf(sql)(sql`name LIKE ${partOfCommands("%")} AND name IN (SELECT holder FROM claims)`)
    const gone = claiming.flatMap(({ epoch, name, runner }) =>
      runner !== null && isGone(runner) ? [{ epoch, name, runner }] : [],
    )
    for (const { epoch, name } of gone) {
      yield* sql.withTransaction(
        Effect.andThen(
          sql`UPDATE holders SET epoch = epoch + 1 WHERE name = ${name} AND epoch = ${epoch}`,
          claims.freeBefore({ name, epoch: epoch + 1 }),
        ),
      )
    }
    return gone.map(({ runner }) => runner)
  })

const decodeTaken = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ epoch: Schema.Int, taken_from: Schema.NullOr(Schema.String) })),
)

const decodeParts = Schema.decodeUnknownEffect(
  Schema.Array(
    Schema.Struct({
      name: Schema.String,
      epoch: Schema.Int,
      runner: Schema.NullOr(Schema.String),
      since: Schema.Finite,
    }),
  ),
)
