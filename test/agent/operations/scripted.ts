/** An OperationRunner whose operator plays a script, and a log of what was sent and written, in order. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { SqlError } from "effect/sql/SqlError"
import { OperationRunner } from "../../../src/agent/operations/OperationRunner.ts"
import { StopRequests } from "../../../src/agent/operations/StopRequests.ts"
import type { Work } from "../../../src/agent/operations/Work.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import type { JournalEntry } from "../../../src/agent/records/JournalEntry.ts"
import { OperationJournal } from "../../../src/agent/records/OperationJournal.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import type { PluginUnavailable } from "../../../src/agent/supervision/PluginUnavailable.ts"
import type { ErrorCode } from "../../../src/protocol/ErrorCode.ts"
import { NativeId, OperationId, RequestId, ResourceType } from "../../../src/protocol/Identity.ts"
import { Operation } from "../../../src/protocol/Operation.ts"
import { ConnectionLost, type OperatorError } from "../../../src/protocol/OperatorError.ts"
import { PluginOperator, type ProgressObserver } from "../../../src/protocol/PluginOperator.ts"
import type { Finished, InProgress } from "../../../src/protocol/Progress.ts"
import type { Recovery } from "../../../src/protocol/Recovery.ts"
import type { TypeCapabilities } from "../../../src/protocol/Resource.ts"
import { layerChosenStore } from "../chosenStore.ts"
import { thing } from "../plan/capabilities.ts"
import { layerHolding } from "../records/holding.ts"

export const operationId = OperationId.make("op-1")
export const nativeId = NativeId.make("thing-1")
export const requestId = RequestId.make("request-1")

/** How the operator performs one operation. */
export type Performance = (observe: ProgressObserver) => Effect.Effect<Finished, OperatorError>

export interface Script {
  /** One for each operation that is sent. */
  readonly performs?: ReadonlyArray<Performance>
  /** One for each time that the plugin is asked what became of a create. */
  readonly recovers?: ReadonlyArray<Effect.Effect<Recovery, OperatorError>>
  /** Why there is no operator, by the number of the request for one, from 0. */
  readonly missing?: Readonly<Record<number, PluginUnavailable>>
  /** From which request on, counted from 0, there is never an operator. */
  readonly waitsFrom?: number
}

export const succeeds: Performance = () =>
  Effect.succeed({ status: "Succeeded", attempts: 1, nativeId, properties: { Name: "a" } })
export const fails =
  (code: ErrorCode, more: { readonly nativeId?: NativeId } = {}): Performance =>
  () =>
    Effect.succeed({ status: "Failed", attempts: 1, failure: { code, message: "it went wrong" }, ...more })
export const breaks =
  (error: OperatorError): Performance =>
  () =>
    Effect.fail(error)
export const loss = new ConnectionLost({ message: "the plugin was killed", sent: true })
export const dies = breaks(loss)
/** Reports progress, and then does what `then` does. */
export const reports =
  (what: Omit<InProgress, "status" | "attempts">, then: Performance): Performance =>
  (observe) =>
    Effect.andThen(observe({ status: "InProgress", attempts: 1, ...what }), then(observe))

export const capabilities = (more: Partial<TypeCapabilities>): TypeCapabilities => ({ ...thing, ...more })

export const entryOf = (more: Partial<JournalEntry> = {}): JournalEntry => ({
  operationId,
  commandId: "command-1",
  forma: "shop",
  label: "a",
  type: ResourceType.make("Suite::Of::Thing"),
  target: "here",
  targetConfig: {},
  place: null,
  kind: "Create",
  desired: { Name: "a" },
  secrets: null,
  dependsOn: [],
  nativeId: null,
  requestId: null,
  sent: 1,
  status: "InProgress",
  closed: false,
  failure: null,
  crashes: [],
  ...more,
})

const operationOf = ({ kind, label, operationId, targetConfig, type: resourceType }: JournalEntry): Operation => {
  const subject = { label, operationId, resourceType, targetConfig }
  switch (kind) {
    case "Create":
      return Operation.cases.Create.make({ ...subject, properties: { Name: "a" } })
    case "Update":
      return Operation.cases.Update.make({ ...subject, nativeId, prior: {}, desired: { Name: "a" }, patch: [] })
    case "Delete":
    case "Import":
      return Operation.cases.Delete.make({ ...subject, nativeId })
  }
}

/** The create of a type whose creates are idempotent by token. `more` overrides it. */
export const workOf = (more: Partial<Work> = {}): Work => {
  const entry = more.entry ?? entryOf()
  return {
    commandId: entry.commandId,
    entry,
    targetConfig: entry.targetConfig,
    capabilities: capabilities({ idempotency: "token" }),
    next: Effect.succeed(operationOf(entry)),
    secrets: [],
    unwanted: [],
    onBegin: Effect.void,
    observe: () => Effect.void,
    ...more,
  }
}

const sendingOf = (operation: Operation): string =>
  operation._tag === "Status"
    ? `send Status ${operation.operationId} of ${operation.requestId}`
    : `send ${operation._tag} ${operation.operationId}`

const nextOf = <A>(script: Array<A>, what: string): Effect.Effect<A> =>
  Effect.suspend(() => {
    const next = script.shift()
    return next === undefined ? Effect.die(`the script has no more: ${what}`) : Effect.succeed(next)
  })

/** `put` runs before the `put` of the inventory, in the same transaction. */
interface Disturbance {
  readonly put?: () => Effect.Effect<void, SqlError>
}

/** The layer has the runner and its records. */
export const makeScripted = (script: Script, { put = () => Effect.void }: Disturbance = {}) => {
  const log: Array<string> = []
  const performs = [...(script.performs ?? [])]
  const recovers = [...(script.recovers ?? [])]
  let asked = 0
  const note = (line: string) => Effect.sync(() => void log.push(line))

  const operator = PluginOperator.of({
    perform: (operation, observe) =>
      note(sendingOf(operation)).pipe(
        Effect.andThen(nextOf(performs, operation._tag)),
        Effect.flatMap((perform) => perform(observe)),
      ),
    canonicalize: () => Effect.die("has no canonical forms"),
    recover: (request) =>
      note(`ask for ${request.operationId}`).pipe(Effect.andThen(nextOf(recovers, "recover")), Effect.flatten),
    identify: () => Effect.die("identifies nothing"),
    list: () => Effect.die("lists nothing"),
  })
  const coordinator = Layer.mock(PluginCoordinator)({
    operator: () =>
      Effect.suspend(() => {
        if (asked >= (script.waitsFrom ?? Infinity)) return Effect.never
        const missing = script.missing?.[asked++]
        return missing === undefined ? Effect.succeed(operator) : Effect.fail(missing)
      }),
  })
  const inventory = Layer.effect(
    Inventory,
    Effect.map(Inventory, (records) =>
      Inventory.of({
        ...records,
        put: (row) =>
          note(`put ${row.label} ${row.nativeId}`).pipe(Effect.andThen(put()), Effect.andThen(records.put(row))),
        remove: (forma, label, id) => Effect.andThen(note(`remove ${label}`), records.remove(forma, label, id)),
      }),
    ),
  ).pipe(Layer.provide(Inventory.layerNoDeps))
  const journal = Layer.effect(
    OperationJournal,
    Effect.map(OperationJournal, (records) =>
      OperationJournal.of({
        ...records,
        recordIntent: (entry) => Effect.andThen(note("write the intent"), records.recordIntent(entry)),
        recordSending: (id) => Effect.andThen(note("write: sent again"), records.recordSending(id)),
        recordProgress: (id, progress, change) =>
          note(`write: request ${progress.requestId}, native id ${progress.nativeId}`).pipe(
            Effect.andThen(records.recordProgress(id, progress, change)),
          ),
        recordCrashes: (id, crashes) =>
          Effect.andThen(note(`write: crash ${crashes.length}`), records.recordCrashes(id, crashes)),
        recordEnd: (id, ending) =>
          note(`write: ${ending.status}${ending.closed ? "" : ", open"}`).pipe(
            Effect.andThen(records.recordEnd(id, ending)),
          ),
      }),
    ),
  ).pipe(Layer.provide(OperationJournal.layerNoDeps))
  const layer = OperationRunner.layerNoDeps.pipe(
    Layer.provideMerge(StopRequests.layer),
    Layer.provideMerge(journal),
    Layer.provideMerge(inventory),
    Layer.provide([coordinator, layerHolding]),
    Layer.provide(layerChosenStore),
  )
  return { log, layer }
}

/** The entry of the operation in the journal. */
export const journaled = Effect.flatMap(OperationJournal, (journal) =>
  Effect.flatMap(journal.listByCommand("command-1"), ([entry]) => Effect.fromNullishOr(entry)),
)

/** Runs an operation. */
export const run = (work: Work) => OperationRunner.use((runner) => runner.run(work))

/** Runs an operation by a script: how it ended, its entry in the journal, and what was sent and written. */
export const runScript = (script: Script, work: Work = workOf()) => {
  const { layer, log } = makeScripted(script)
  return run(work).pipe(
    Effect.result,
    Effect.flatMap((result) => Effect.map(journaled, (entry) => ({ result, entry, log }))),
    Effect.provide(layer),
  )
}
