/** The suites of the records over Postgres, each test in a schema of its own. */
import * as Layer from "effect/Layer"
import { afterAll } from "vitest"
import { Vault } from "../../../src/agent/store/Vault.ts"
import { chooseStore } from "../../agent/chosenStore.ts"
import { makePostgresStores } from "../../postgres/PostgresStores.ts"
import { startPostgres } from "../../postgres/startPostgres.ts"
import { laterTables } from "./postgres/laterTables.ts"
import { lostConnection } from "./postgres/lostConnection.ts"
import { refusals } from "./postgres/refusals.ts"
import { runnerLeases } from "./postgres/runnerLeases.ts"
import { runnerLock } from "./postgres/runnerLock.ts"
import { runnersAtOnce } from "./postgres/runnersAtOnce.ts"
import { sharedLock } from "./postgres/sharedLock.ts"
import { sharing } from "./postgres/sharing.ts"

const server = await startPostgres()
const stores = makePostgresStores(server)
afterAll(() => stores.close().then(server.stop))
chooseStore(Layer.merge(stores.layer, Vault.layerMemory))

refusals(server)
sharing(server)
sharedLock(server)
runnerLock(server)
runnerLeases(server)
runnersAtOnce(server)
lostConnection(server)
laterTables(server)

await import("../../agent/records/CheckedRows.test.ts")
await import("../../agent/records/StaleWriter.test.ts")
await import("../../agent/nulTexts.test.ts")
await import("../../agent/records/Inventory.test.ts")
await import("../../agent/records/OperationJournal.test.ts")
await import("../../agent/records/CommandJournal.test.ts")
await import("../../agent/events/EventLog.test.ts")
await import("../../agent/supervision/keptQuarantine.test.ts")
await import("../../agent/commands/Settlement.test.ts")
await import("../../agent/commands/ResumeLimits.test.ts")
await import("../../agent/commands/CommandTurn.test.ts")
await import("../../agent/commands/SavedPlans.test.ts")
await import("../../agent/commands/ShowMove.test.ts")
await import("../../agent/operations/OperationRunner.test.ts")
await import("../../agent/operations/DoubtfulCall.test.ts")
await import("../../agent/operations/EarlierAgent.test.ts")
await import("../../agent/operations/LostPlugin.test.ts")
await import("../../agent/operations/EarlierSendings.test.ts")
