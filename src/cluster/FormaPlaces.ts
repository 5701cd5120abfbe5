/** Where in the cluster the commands of a document are run. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { PersistenceError } from "effect/cluster/ClusterError"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as SqlClient from "effect/sql/SqlClient"
import { isSqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
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

      /** The types of what is there of the formae that are meant, and of what is open. */
      const typesInState = Effect.fnUntraced(function* (isMeant: Fragment) {
        const found = yield* sql`
          SELECT type FROM resources WHERE ${isMeant} UNION SELECT type FROM operations WHERE settled = 0 AND ${isMeant}`
          .values
        return found.map(([type]) => String(type))
      })

      /** Those that a command may mean that names none: with its label, or with a command that has not ended. */
      const formaeOf = ({ command, label = "" }: Facts): Fragment => {
        if (command === "resume") return sql`SELECT forma FROM commands WHERE status IN ('running', 'canceled')`
        if (command === "mv") return sql`SELECT forma FROM resources WHERE label = ${label}`
        return sql`SELECT forma FROM operations WHERE settled = 0 AND label = ${label}`
      }

      /** The formae of a command. */
      const meantBy = Effect.fnUntraced(function* (facts: Facts) {
        const { commandId, forma } = facts
        if (forma !== "") return [forma]
        const found =
          commandId === undefined
            ? yield* sql`SELECT DISTINCT forma FROM (${formaeOf(facts)}) AS meant ORDER BY forma`.values
            : yield* sql`SELECT forma FROM commands WHERE command_id = ${commandId}`.values
        return found.map(([name]) => String(name)).filter((name) => name !== "")
      })

      return FormaPlaces.of({
        entityOf: Effect.fnUntraced(function* (command) {
          const facts = factsOf(command)
          const meant = yield* Effect.mapError(meantBy(facts), notRead)
          const [name = ""] = meant.length === 1 ? meant : []
          const isMeant = name === "" ? sql`forma IN (${formaeOf(facts)})` : sql`forma = ${name}`
          const inState = yield* Effect.mapError(typesInState(isMeant), notRead)
          const namespaces = [...facts.types, ...inState].map((type) => type.slice(0, Math.max(type.indexOf("::"), 0)))
          const runners = yield* Effect.mapError(storage.getRunners, causeOf)
          const group = chooseGroup(
            namespaces.filter((one) => one !== ""),
            runners.map(([{ groups }]) => groups),
          )
          if (group === undefined) {
            const named = runners.map(([{ address, groups }]) => ({ name: `${address.host}:${address.port}`, groups }))
            return yield* new Refused({
              schemaVersion,
              code: "NoRunner",
              message: describeNoRunner(namespaces, named, meant),
            })
          }
          return entityIdOf(group, name)
        }),
      })
    }),
  )
}

/** What the storage of the runners wraps. */
const causeOf = (error: PersistenceError) => notRead(isSqlError(error.cause) ? error.cause : error)

/** What a command says of what it works on. */
interface Facts {
  readonly command: ApiCommand["command"]
  /** Empty where it names none. */
  readonly forma: string
  readonly commandId?: string | undefined
  readonly label?: string | undefined
  readonly types: ReadonlyArray<string>
}

const factsOf = (one: ApiCommand): Facts => {
  const { command } = one
  switch (one.command) {
    case "apply":
    case "destroy":
    case "import":
      return { command, forma: nameIn(one.forma), types: typesIn(one.forma) }
    case "resume":
      return { command, forma: one.forma ?? "", commandId: one.commandId, types: [] }
    case "adopt":
    case "forget":
    case "mv":
      return { command, forma: one.forma ?? "", label: one.label, types: [] }
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
