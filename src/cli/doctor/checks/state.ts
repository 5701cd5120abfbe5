/** The state file: whether it can be used, its rights, whether it is whole, and how far its tables have come. Only a copy is read. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { Store } from "../../../agent/index.ts"
import { checkRights } from "../../../agent/store/checkRights.ts"
import { lastMigration } from "../../../agent/store/migrations.ts"
import { migrationsTable, reachedStep } from "../../../agent/store/StoreTables.ts"
import { followLinks } from "../../../agent/store/StateFileLink.ts"
import * as SqlClient from "effect/sql/SqlClient"
import { adviceForStore } from "../../advice/adviceForStore.ts"
import { lookIntoState } from "../../stateCopy.ts"
import { type Check, seconds } from "../Check.ts"
import { type Finding, ok, problem, skipped } from "../Finding.ts"
import { lookAtServer } from "../serverFindings.ts"
import { sizeText } from "../sizeText.ts"

/** What the next command does to tables that an earlier version has made. */
export const stepText = (reached: number | undefined): string => {
  if (reached === undefined || reached >= lastMigration) return ""
  return `; it is that of an earlier version (step ${reached} of ${lastMigration}), and the next command that changes something copies it, and then brings it to this one`
}

/** For a folder that is not trusted yet. */
const unread = (remedy: string): Finding => skipped("Its content is not read, because it is not trusted yet", remedy)

const refused = (stateFile: string, error: Store.FileRefused): Finding =>
  problem(
    `The ${Store.isPostgresUrl(stateFile) ? "state" : "state file"} ${stateFile} cannot be used: ${error.reason}`,
    [error.remedy ?? "", adviceForStore(error.condition, stateFile)].filter((one) => one !== "").join(". "),
  )

const unavailable = ({ condition, file, reason, remedy }: Store.StoreUnavailable): Finding =>
  refused(file, new Store.FileRefused({ condition, reason, ...(remedy === undefined ? {} : { remedy }) }))

const sizeOf = (file: string) =>
  FileSystem.FileSystem.use((fs) =>
    Effect.match(fs.stat(file), { onFailure: () => undefined, onSuccess: ({ size }) => Number(size) }),
  )

const stepOf = (file: string) =>
  Effect.orElseSucceed(
    lookIntoState(file, [migrationsTable], (sql) => Effect.provideService(reachedStep, SqlClient.SqlClient, sql)),
    () => undefined,
  )

export const state: Check = {
  name: "state",
  boundMillis: seconds(30),
  look: Effect.fnUntraced(function* ({ stateFile, untrusted }) {
    if (Store.isPostgresUrl(stateFile)) {
      if (untrusted.all !== undefined) return [unread('"formae trust DIR" says yes')]
      return yield* Effect.catch(lookAtServer(stateFile), (error) => Effect.succeed([unavailable(error)]))
    }
    const size = yield* sizeOf(stateFile)
    if (untrusted.state !== undefined && size !== undefined) {
      const rights = yield* Effect.result(Effect.flatMap(followLinks(stateFile), checkRights))
      return [
        rights._tag === "Failure"
          ? refused(stateFile, rights.failure)
          : ok(`${stateFile} (${sizeText(size)}): only this user can write it, and read its key`),
        unread('"formae trust DIR" says yes'),
      ]
    }
    const opened = yield* Effect.result(Effect.scoped(Layer.build(Store.layerFileToRead(stateFile))))
    if (opened._tag === "Failure") return [unavailable(opened.failure)]
    if (size === undefined) return [ok(`There is no state file ${stateFile} yet; the first apply makes it`)]
    return [
      ok(
        `${stateFile} (${sizeText(size)}) is whole, and only this user can write it${stepText(yield* stepOf(stateFile))}`,
      ),
    ]
  }),
}
