/**
 * Where Azure resources live, and how they are reached. A target may name a
 * storage account, a Cosmos DB account, or both; each type requires its own.
 *
 * Only the account says where a resource lives: a changed key does not make it
 * another place. It is given, or its connection string names it. Where both do,
 * the two must agree.
 */
import { Property } from "formae/plugin"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"

const accountPattern = /^[a-z0-9]{3,24}$/u

const Account = Schema.String.check(
  Schema.isPattern(accountPattern, { message: "Expected the name of a storage account" }),
).annotate({ examples: ["examplestorage"] })

const Endpoint = Schema.String.check(
  Schema.isPattern(/^https?:\/\//u, { message: "Expected the http or https URL of a Cosmos DB account" }),
).annotate({ examples: ["https://example.documents.azure.com/"] })

const Secret = Schema.RedactedFromValue(Schema.NonEmptyString)

const fields = {
  account: Schema.optionalKey(Account),
  /** The connection string of the storage account. Without it, the credentials that Azure's own tools find are used. */
  connectionString: Property.opaque(Schema.optionalKey(Secret)),
  cosmosEndpoint: Schema.optionalKey(Endpoint),
  /** The primary key of the Cosmos DB account. Without it, as above, but few such credentials may create databases. */
  cosmosKey: Property.opaque(Schema.optionalKey(Secret)),
}

export const StorageTarget = Schema.Struct({
  ...fields,
  account: Property.identity(Schema.optionalKey(Account)),
}).check(
  Schema.makeFilter(({ account, connectionString }) => {
    const names = connectionString === undefined ? [] : accountsOf(Redacted.value(connectionString))
    // A name that is none may be a key in the wrong place, so it is not shown.
    if (!names.every((name) => accountPattern.test(name)))
      return "Expected the name of a storage account in the connectionString"
    if (names.length > 1) return `Expected a connectionString of one storage account; it names ${names.join(" and ")}`
    const [named] = names
    if (account === undefined) {
      return named !== undefined || "Expected the account, or a connectionString that names it"
    }
    return (
      named === undefined || named === account || "Expected the connectionString of the account that the target names"
    )
  }),
)
export type StorageTarget = typeof StorageTarget.Type

export const CosmosTarget = Schema.Struct({ ...fields, cosmosEndpoint: Property.identity(Endpoint) })
export type CosmosTarget = typeof CosmosTarget.Type

/** The account of a connection string; undefined if it does not name one, or names several. */
export const accountOf = (connectionString: string): string | undefined => {
  const [named, ...others] = accountsOf(connectionString)
  return others.length === 0 && named !== undefined && accountPattern.test(named) ? named : undefined
}

/**
 * The accounts that a connection string names, by its account or its endpoints.
 * They have one spelling, so that a new string of the same account is the same place.
 */
const accountsOf = (connectionString: string): ReadonlyArray<string> => {
  const names = connectionString.split(";").flatMap((setting) => {
    const [key = "", ...rest] = setting.split("=")
    return nameIn(key.trim().toLowerCase(), rest.join("=").trim().toLowerCase())
  })
  return [...new Set(names)]
}

const nameIn = (key: string, value: string): ReadonlyArray<string> => {
  if (key === "usedevelopmentstorage") return value === "true" ? ["devstoreaccount1"] : []
  if (key === "accountname") return [value]
  if (!key.endsWith("endpoint")) return []
  // With a shared access signature, only the endpoints name the account.
  const host = /^https?:\/\/([a-z0-9]+)(?:-secondary)?(?:\.z\d+)?\.(?:blob|queue|table)\./.exec(value)
  return host?.[1] === undefined ? [] : [host[1]]
}

/** The account of a target: the one that it names, or else the one that its connection string names. */
export const accountIn = ({ account, connectionString }: Partial<StorageTarget>): string | undefined =>
  account ?? (connectionString === undefined ? undefined : accountOf(Redacted.value(connectionString)))

/**
 * The place of what is in a storage account, however the target names the
 * account. It has the form that the agent gives to a target that names it.
 */
export const placeOfStorage = (target: StorageTarget): string => JSON.stringify([["account", accountIn(target)]])

/** What a document may put into text. */
export const factsOf = (target: Partial<StorageTarget & CosmosTarget>): Readonly<Record<string, string>> => {
  const account = accountIn(target)
  const { cosmosEndpoint } = target
  return {
    ...(account === undefined ? {} : { account }),
    ...(cosmosEndpoint === undefined ? {} : { cosmosEndpoint }),
  }
}
