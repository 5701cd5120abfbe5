/** What can be wrong with a state on Postgres. */
import * as Predicate from "effect/Predicate"
import type { SqlError } from "effect/sql/SqlError"
import type { Trouble } from "../FileTrouble.ts"

/** `role` is who formae has logged in as. */
export const noSchema = (schema: string, role: string): Trouble => ({
  condition: "NotWritable",
  reason: `it has no schema "${schema}", and the role "${role}" may not make one`,
  remedy: `Ask an administrator of the database to run: CREATE SCHEMA "${schema}" AUTHORIZATION "${role}"`,
})

/** `how` is what shows it. */
export const noSessions = (how: string): Trouble => ({
  condition: "NoSessions",
  reason: `a pooler that does not keep sessions is before the server (${how})`,
  remedy: "Give the address of the Postgres server itself, or of a pooler that keeps a session for each connection",
})

export const foreignTables = (schema: string): Omit<Trouble, "condition"> => ({
  reason: `the schema "${schema}" has tables of another program`,
  remedy: "Give the state a schema of its own: add ?schema=NAME to its address",
})

/** Its tables would change under it. `runners` are those that are known. */
export const earlierAtWork = (runners: ReadonlyArray<string>): Trouble => ({
  condition: "NotWritable",
  reason: `an earlier version of formae works on it${runners.length === 0 ? "" : ` (the runners ${runners.join(", ")})`}, and its tables have to be changed for this one`,
  remedy: "Stop all agents and runners of the earlier version, and run this again",
})

export const badAddress = (reason: string): Trouble => ({
  condition: "Unreachable",
  reason,
  remedy: "Write it as postgres://ROLE@HOST:PORT/DATABASE, with ?schema=NAME if the schema is not formae",
})

export const driverMissing: Trouble = {
  condition: "Other",
  reason: "the package @effect/sql-pg is not installed",
  remedy: "Install @effect/sql-pg beside formae",
}

/** Whether an error comes from the driver of Postgres: what node:sqlite throws has an `errcode`, and what our driver of it throws has a tag. */
export const isOfPostgres = ({ message }: SqlError): boolean =>
  message.startsWith("PgConnection: ") || message.startsWith("PgClient: ")

/** The code that Postgres gives an error. Undefined where the error is not the server's. */
const codeOf = (error: SqlError): string | undefined => {
  const { cause } = error.reason
  return Predicate.hasProperty(cause, "code") && typeof cause.code === "string" ? cause.code : undefined
}

/** What the server or the system says, without what the driver adds to it. */
export const textOf = ({ message, reason: { cause } }: SqlError): string =>
  Predicate.isError(cause) && cause.message !== "" ? cause.message : message

const noDatabase = "3D000"
/** A start parameter that the server does not take: Postgres takes ours, so it is a pooler. */
const protocolViolation = "08P01"
const diskFull = "53100"
const tooManyConnections = "53300"
const readOnlyTransaction = "25006"

const runAgain = "run the same command again: it continues from what is recorded"

/** The trouble with the state that an error of Postgres stands for. Undefined where it says nothing about the state. */
export const troubleOfPostgres = (error: SqlError): Trouble | undefined => {
  const how = textOf(error)
  switch (codeOf(error)) {
    case protocolViolation:
      return how.includes("startup parameter") ? noSessions(how) : undefined
    case noDatabase:
      return { condition: "Unreachable", reason: how, remedy: "Make the database, or correct its name in the address" }
    case diskFull:
      return {
        condition: "DiskFull",
        reason: "the disk of the server is full",
        remedy: `Free some space there, and ${runAgain}`,
      }
    case tooManyConnections:
      return {
        condition: "Unreachable",
        reason: `the server takes no more connections (${how})`,
        remedy: `End some of the others or raise max_connections, and ${runAgain}`,
      }
    case readOnlyTransaction:
      return {
        condition: "NotWritable",
        reason: "the server is read-only, as a standby is",
        remedy: "Give the address of the primary server",
      }
  }
  switch (error.reason._tag) {
    case "ConnectionError":
      return {
        condition: "Unreachable",
        reason: `the server cannot be reached (${how})`,
        remedy: `Check that it runs and that its address is right, and ${runAgain}`,
      }
    case "AuthenticationError":
      return {
        condition: "NotReadable",
        reason: `the server refuses this role or its password (${how})`,
        remedy: "Correct the role in the address, and its password in PGPASSWORD or in the file that PGPASSFILE names",
      }
    case "AuthorizationError":
      return {
        condition: "NotWritable",
        reason: `this role has no right to it (${how})`,
        remedy: "Give the role the schema and all of its tables",
      }
    default:
      return undefined
  }
}
