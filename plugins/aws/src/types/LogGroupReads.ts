/** Log groups by name. CloudWatch Logs lists them by a prefix that their names share. */
import type { CloudWatchLogs, LogGroup } from "@aws-sdk/client-cloudwatch-logs"
import { hasCode, type ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import { batchedReads } from "../BatchedReads.ts"
import type { Connection } from "../Connection.ts"

/** CloudWatch Logs has no longer pages. */
const pageSize = 50

const named = (groups: ReadonlyArray<LogGroup> = []): ReadonlyMap<string, LogGroup> =>
  new Map(groups.map((group) => [group.logGroupName ?? "", group]))

const one = ({ call }: Connection<CloudWatchLogs>, name: string) =>
  Effect.map(
    // Of the names with this prefix, in alphabetical order, the name itself comes first.
    call((logs, options) => logs.describeLogGroups({ logGroupNamePrefix: name, limit: 1 }, options)),
    ({ logGroups }) => named(logGroups).get(name),
  )

const each = (connection: Connection<CloudWatchLogs>, names: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(names, (name) => one(connection, name), { concurrency: 8 }),
    (found) => named(found.flatMap((group) => (group === undefined ? [] : [group]))),
  )

/** One page of the names that begin as these do. Those that are not on it, although it is not all, are read by themselves. */
const several = (
  connection: Connection<CloudWatchLogs>,
  names: ReadonlyArray<string>,
): Effect.Effect<ReadonlyMap<string, LogGroup>, ProviderError> => {
  const prefix = commonPrefix(names)
  const page = { limit: pageSize, ...(prefix !== "" && { logGroupNamePrefix: prefix }) }
  return connection
    .call((logs, options) => logs.describeLogGroups(page, options))
    .pipe(
      Effect.flatMap(({ logGroups, nextToken }) => {
        const found = named(logGroups)
        if (nextToken === undefined) return Effect.succeed(found)
        const rest = names.filter((name) => !found.has(name))
        return Effect.map(each(connection, rest), (more) => new Map([...found, ...more]))
      }),
      // A user who may describe these need not be allowed to list others that begin as they do.
      Effect.catchIf(hasCode("AccessDenied"), () => each(connection, names)),
    )
}

/** Of a list in alphabetical order, the first and the last have least in common. */
const commonPrefix = (names: ReadonlyArray<string>): string => {
  const sorted = names.toSorted()
  const [first = "", last = ""] = [sorted[0], sorted.at(-1)]
  const end = [...first].findIndex((character, index) => character !== last[index])
  return end < 0 ? first : first.slice(0, end)
}

export const logGroup = batchedReads<CloudWatchLogs, LogGroup>({ size: pageSize, one, several })
