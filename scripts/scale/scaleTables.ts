/** The tables of docs/scale.md. */
import type { MeasuredCluster } from "./measureCluster.ts"
import type { measureFile, MeasuredTable } from "./measureFile.ts"
import type { Placement } from "./placement.ts"
import type * as Effect from "effect/Effect"

export interface Measured {
  readonly placements: ReadonlyArray<Placement>
  readonly file: Effect.Success<ReturnType<typeof measureFile>>
  readonly cluster: MeasuredCluster
}

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const sizes = (tables: ReadonlyArray<MeasuredTable>, resources: number): string =>
  table(
    ["table", "rows", "bytes a row", "bytes a resource"],
    tables.map(({ bytes, rows, table: name }) => [
      `\`${name}\``,
      rows,
      Math.round(bytes / rows),
      Math.round(bytes / resources),
    ]),
  )

export const scaleTables = ({ cluster, file, placements }: Measured): string => {
  const resources = file.tables.find(({ table: name }) => name === "resources")?.rows ?? 0
  const total = placements.flatMap(({ documents }) => documents).reduce((sum, one) => sum + one, 0) / placements.length
  return [
    `Placed by the hashes of the engine: ${total} documents of one namespace.`,
    table(
      ["runners", "documents of the runner with the fewest", "with the most", "move when one more runner comes"],
      placements.map(({ documents, moved, runners }) => [
        runners,
        documents[0] ?? 0,
        documents.at(-1) ?? 0,
        `${Math.round((moved / total) * 100)} %`,
      ]),
    ),
    `A document of ${resources} FakeAWS resources in a state in a file, and what its commands ask of SQLite:`,
    table(
      ["command", "statements", "rows read", "rows of one statement at most", "transactions that write"],
      file.commands.map(({ command, most, read, statements, transactions }) => [
        command,
        statements,
        read,
        most,
        transactions,
      ]),
    ),
    "What that state holds then, with the indexes:",
    sizes(file.tables, resources),
    `${cluster.runners} runners over one Postgres server, with the usual times, have ${cluster.connections} connections and ${cluster.idleTransactions} transactions in ${cluster.idleMillis / 1_000} seconds with nothing to do. An apply of ${cluster.resources} resources, which they were asked for by a command, has ${cluster.applyTransactions} transactions from the start of the command to a moment after its end. What the database holds then, with the indexes:`,
    sizes(cluster.tables, cluster.resources),
  ].join("\n\n")
}
