/** Where in the cluster the commands of a document are run. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { PersistenceError } from "effect/cluster/ClusterError"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError } from "effect/sql/SqlError"
import { distinctValues } from "../agent/store/distinctValues.ts"
import type { ApiCommand } from "../control/api/ApiCommand.ts"
import { Refused, type Unavailable } from "../control/api/ApiFailure.ts"
import { schemaVersion } from "../control/api/version.ts"
import { notRead } from "../control/server/requestErrors.ts"
import { chooseGroup, describeNoRunner, entityIdOf } from "./placement.ts"

/** Finds the entity that works on a command. */
export class FormaPlaces extends Context.Service<
  FormaPlaces,
  {
    /** The id of the entity. Fails with `Refused` where no runner may host all that the command needs. */
    readonly entityOf: (command: ApiCommand) => Effect.Effect<string, Refused | Unavailable>
  }
>()("formae/cluster/FormaPlaces") {
  /** By the runners that there are now, and by what the state has of the document. */
  static readonly layer = Layer.effect(
    FormaPlaces,
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const storage = yield* RunnerStorage.RunnerStorage

      /** What is there of a forma, and what is open. Of all of them where it has no name. */
      const typesInState = Effect.fnUntraced(function* (forma: string) {
        const isMeant = forma === "" ? sql`1 = 1` : sql`forma = ${forma}`
        const there =
          forma === ""
            ? yield* distinctValues(sql, "resources", "type")
            : (yield* sql`SELECT DISTINCT type FROM resources WHERE ${isMeant}`.values).map(([type]) => String(type))
        const open = yield* sql`SELECT DISTINCT type FROM operations WHERE settled = 0 AND ${isMeant}`.values
        return [...there, ...open.map(([type]) => String(type))]
      })

      const formaOfCommand = (commandId: string) =>
        Effect.map(sql`SELECT forma FROM commands WHERE command_id = ${commandId}`.values, ([row]) =>
          row === undefined ? "" : String(row[0]),
        )

      return FormaPlaces.of({
        entityOf: Effect.fnUntraced(function* (command) {
          const { commandId, forma, types } = factsOf(command)
          const name =
            forma === "" && commandId !== undefined ? yield* Effect.mapError(formaOfCommand(commandId), notRead) : forma
          const inState = yield* Effect.mapError(typesInState(name), notRead)
          const namespaces = [...types, ...inState].map((type) => type.slice(0, Math.max(type.indexOf("::"), 0)))
          const runners = yield* Effect.mapError(storage.getRunners, causeOf)
          const group = chooseGroup(
            namespaces.filter((one) => one !== ""),
            runners.map(([{ groups }]) => groups),
          )
          if (group === undefined) {
            const named = runners.map(([{ address, groups }]) => ({ name: `${address.host}:${address.port}`, groups }))
            return yield* new Refused({ schemaVersion, code: "NoRunner", message: describeNoRunner(namespaces, named) })
          }
          return entityIdOf(group, name)
        }),
      })
    }),
  )
}

/** What the storage of the runners wraps. */
const causeOf = (error: PersistenceError) => notRead(isSqlError(error.cause) ? error.cause : error)

/** The forma that a command works on, as far as it says so, and the types that it names. */
const factsOf = (
  command: ApiCommand,
): { readonly forma: string; readonly commandId?: string | undefined; readonly types: ReadonlyArray<string> } => {
  switch (command.command) {
    case "apply":
    case "destroy":
    case "import":
      return { forma: nameIn(command.forma), types: typesIn(command.forma) }
    case "resume":
      return { forma: command.forma ?? "", commandId: command.commandId, types: [] }
    case "adopt":
    case "forget":
    case "mv":
      return { forma: command.forma ?? "", types: [] }
  }
}

const nameIn = (forma: Readonly<Record<string, unknown>>): string =>
  typeof forma["name"] === "string" ? forma["name"] : ""

/** What is wrong with a document is said where it is decoded. */
const typesIn = ({ resources }: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Array.isArray(resources)
    ? resources.flatMap((one: unknown) =>
        typeof one === "object" && one !== null && "type" in one && typeof one.type === "string" ? [one.type] : [],
      )
    : []
