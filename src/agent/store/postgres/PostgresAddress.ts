/** Where a state on Postgres is, as a person gives it: `postgres://ROLE@HOST:PORT/DATABASE?schema=NAME`. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"

/** The schema of a state that names none. */
export const defaultSchema = "formae"

/** Where a state on Postgres is. */
export interface PostgresAddress {
  /** For the driver. It may have a password. */
  readonly url: Redacted.Redacted<string>
  /** The schema with the tables. */
  readonly schema: string
  /** The same for people, and for all that is stored: without the password. */
  readonly shown: string
  /** Whether it has a password. */
  readonly hasPassword: boolean
  /** Whether it says as whom to log in. */
  readonly hasRole: boolean
}

/** Whether a state that was given is the address of a database, and not the path of a file. */
export const isPostgresUrl = (state: string): boolean => /^postgres(?:ql)?:\/\//i.test(state)

/** Whether it is an address, of Postgres or of something else that nothing here can use. A path begins with no scheme. */
export const isAddress = (state: string): boolean => /^[a-z][a-z\d+.-]+:\/\//i.test(state)

/** What the driver reads and what is safe to show. Everything else may be a secret. */
const shownParameters: ReadonlySet<string> = new Set(["host", "port", "user", "dbname", "sslmode", "schema"])

/** As Postgres cuts longer names, two of them could mean one schema. */
const maxNameBytes = 63

const isName = (schema: string): boolean =>
  schema !== "" && !schema.includes("\0") && Buffer.byteLength(schema) <= maxNameBytes

/** Parses the address of a state. Fails with the reason, as words that have nothing of the address in them. */
export const parsePostgresUrl = (state: string): Result.Result<PostgresAddress, string> => {
  const url = URL.parse(state)
  if (url === null) return Result.fail("it is not an address of the form postgres://ROLE@HOST:PORT/DATABASE")
  const schema = url.searchParams.get("schema") ?? defaultSchema
  if (!isName(schema)) return Result.fail(`the name of a schema has 1 to ${maxNameBytes} bytes`)
  const hasPassword = url.password !== "" || url.searchParams.has("password")
  const shown = new URL(url)
  shown.password = ""
  for (const name of url.searchParams.keys()) if (!shownParameters.has(name)) shown.searchParams.delete(name)
  shown.hash = ""
  url.searchParams.delete("schema")
  return Result.succeed({
    url: Redacted.make(url.href, { label: "the address of the state" }),
    schema,
    // The path of a socket is easier to read as it was written.
    shown: shown.href.replaceAll("%2F", "/"),
    hasPassword,
    hasRole: url.username !== "" || url.searchParams.has("user"),
  })
}

/** A state as it may be shown and stored. A path of a file stays what it is. */
export const shownState = (state: string): string => {
  if (!isAddress(state)) return state
  const nothing = `${state.slice(0, state.indexOf(":"))}://…`
  if (!isPostgresUrl(state)) return nothing
  return Result.match(parsePostgresUrl(state), { onFailure: () => nothing, onSuccess: ({ shown }) => shown })
}
