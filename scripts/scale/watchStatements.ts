/** What statements SQLite is given by this process, and how many rows they answer with. */
import { DatabaseSync, type SQLInputValue, StatementSync } from "node:sqlite"

export interface Watched {
  /** How many rows each statement has answered with at most, by its text. */
  readonly rows: ReadonlyMap<string, number>
  /** How many times statements have been run. */
  readonly runs: () => number
  /** How many rows statements have answered with, all together. */
  readonly read: () => number
  readonly stop: () => void
}

/** Watches until it is stopped. One watch at a time. */
export const watchStatements = (): Watched => {
  const rows = new Map<string, number>()
  let runs = 0
  let read = 0
  const { all, run } = StatementSync.prototype
  const count = (statement: StatementSync, answered: number): void => {
    const text = statement.sourceSQL
    runs += 1
    read += answered
    rows.set(text, Math.max(rows.get(text) ?? 0, answered))
  }
  const watched: ThisType<StatementSync> = {
    all(...params: Array<SQLInputValue>) {
      const found = all.apply(this, params as never)
      count(this, found.length)
      return found
    },
    run(...params: Array<SQLInputValue>) {
      count(this, 0)
      return run.apply(this, params as never)
    },
  }
  Object.assign(StatementSync.prototype, watched)
  return {
    rows,
    runs: () => runs,
    read: () => read,
    stop: () => Object.assign(StatementSync.prototype, { all, run }),
  }
}

/** How SQLite carries statements out: the text of each, and the steps of its plan. Those on the database of a plugin in this process have none. */
export const plansOf = (
  file: string,
  statements: Iterable<string>,
): ReadonlyArray<readonly [string, ReadonlyArray<string>]> => {
  const database = new DatabaseSync(file, { readOnly: true })
  const planOf = (text: string): ReadonlyArray<string> => {
    try {
      return database
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .all()
        .map(({ detail }) => String(detail))
    } catch {
      return []
    }
  }
  try {
    return [...statements]
      .filter((text) => /^\s*(SELECT|WITH|UPDATE|DELETE|INSERT)/i.test(text))
      .map((text) => [text.replace(/\s+/g, " ").trim(), planOf(text)] as const)
  } finally {
    database.close()
  }
}

/** The statements that look at each row of a table, as SQLite plans them, with that plan. */
export const scansOf = (file: string, statements: Iterable<string>): ReadonlyArray<readonly [string, string]> =>
  plansOf(file, statements).flatMap(([text, plan]) => {
    const scans = plan.filter((step) => step.startsWith("SCAN"))
    return scans.length === 0 ? [] : [[text, scans.join("; ")] as const]
  })
