/** Sets what SQLite does not always take: it then answers with what it has, and does not fail. */
import * as Data from "effect/Data"
import type { DatabaseSync } from "node:sqlite"

/** SQLite has kept another value than the one that was asked for. */
export class PragmaRefused extends Data.TaggedError("PragmaRefused")<{
  readonly pragma: string
  readonly asked: string
  /** What SQLite has. */
  readonly answered: string
}> {
  override get message(): string {
    return `SQLite was asked for ${this.pragma} = ${this.asked}, and has ${this.answered}`
  }
}

/** Sets a pragma of a database. `value` is what SQLite answers with. Throws `PragmaRefused` where it answers with another one. */
export const setPragma = (database: DatabaseSync, pragma: string, value: string | number): void => {
  database.exec(`PRAGMA ${pragma} = ${value}`)
  const answered = String(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
  if (answered !== String(value)) throw new PragmaRefused({ pragma, asked: String(value), answered })
}
