/** An agent with a step before and after each write of its records, and before the COMMIT of several. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { SqlClient } from "effect/sql/SqlClient"
import { Agent } from "../agent/Agent.ts"
import type { AgentRecords } from "../agent/AgentRecords.ts"
import { ChangeEvents } from "../agent/apply/ChangeEvents.ts"
import { ResourceUpdater } from "../agent/apply/ResourceUpdater.ts"
import { StopRequests } from "../agent/operations/StopRequests.ts"
import { Claims } from "../agent/records/Claims.ts"
import { CommandJournal } from "../agent/records/CommandJournal.ts"
import { DocumentOutputs } from "../agent/records/DocumentOutputs.ts"
import { Documents } from "../agent/records/Documents.ts"
import { Inventory } from "../agent/records/Inventory.ts"
import { LastReads } from "../agent/records/LastReads.ts"
import { OperationJournal } from "../agent/records/OperationJournal.ts"
import { StateOwnership } from "../agent/records/StateOwnership.ts"
import type { StateLock } from "../agent/store/StateLock.ts"
import type { Vault } from "../agent/store/Vault.ts"
import type { PluginCoordinator } from "../agent/supervision/PluginCoordinator.ts"
import type { Steps } from "./Steps.ts"

/** The step before the COMMIT of several writes. */
export const commitStep = "COMMIT of several writes"

/** A store with a step where several writes of one transaction are made, and not committed. */
const layerCommits = (inAgent: Steps["inAgent"], writing: ReadonlySet<object>) =>
  Layer.effect(
    SqlClient,
    Effect.map(SqlClient, (sql) => {
      const outer = Effect.serviceOption(sql.transactionService)
      const step = Effect.suspend(() => (writing.size > 1 ? inAgent(commitStep) : Effect.void))
      const withTransaction: SqlClient["withTransaction"] = (writes) =>
        Effect.flatMap(outer, (found) =>
          sql.withTransaction(Option.isNone(found) ? Effect.tap(writes, () => step) : writes),
        )
      return new Proxy(sql, {
        get: (client, key) => (key === "withTransaction" ? withTransaction : Reflect.get(client, key)),
      })
    }),
  )

type Around = <A, E>(name: string, write: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** A step before and after a write. `writing` has those under way. */
const makeAround =
  (inAgent: Steps["inAgent"], writing: Set<object>): Around =>
  (name, write) => {
    const made = Effect.suspend(() => {
      const one = {}
      writing.add(one)
      return Effect.ensuring(
        write,
        Effect.sync(() => writing.delete(one)),
      )
    })
    return Effect.interruptible(inAgent(`${name}, before`)).pipe(
      Effect.andThen(made),
      Effect.tap(() => Effect.interruptible(inAgent(`${name}, after`))),
    )
  }

/** What syncs have read, with the same steps. */
const lastReadsWithSteps = (around: Around) =>
  Layer.effect(
    LastReads,
    Effect.map(LastReads, (records) =>
      LastReads.of({
        ...records,
        record: (read, found) => around(`last read of ${read.row.label}`, records.record(read, found)),
      }),
    ),
  ).pipe(Layer.provide(LastReads.layerNoDeps))

/** The inventory and the journals of an agent, with a step before and after each write. */
const recordsWithSteps = (around: Around) => {
  const inventory = Layer.effect(
    Inventory,
    Effect.map(Inventory, (records) =>
      Inventory.of({
        ...records,
        put: (row) => around(`put ${row.label}`, records.put(row)),
        relabel: (forma, moves, cares = []) => {
          const names = [
            ...(moves.length === 0 ? [] : [`relabel ${moves.map(({ from, to }) => `${from} to ${to}`).join(", ")}`]),
            ...(cares.length === 0 ? [] : [`care of ${cares.map(({ label }) => label).join(", ")}`]),
          ]
          const relabelled = records.relabel(forma, moves, cares)
          return names.length === 0 ? relabelled : around(names.join(" and "), relabelled)
        },
        remove: (forma, label, nativeId) => around(`remove ${label}`, records.remove(forma, label, nativeId)),
      }),
    ),
  ).pipe(Layer.provide(Inventory.layerNoDeps))
  const labels = new Map<string, string>()
  const operations = Layer.effect(
    OperationJournal,
    Effect.map(OperationJournal, (records) => {
      const named = (what: string, id: string) => `${what} ${labels.get(id) ?? "?"}`
      return OperationJournal.of({
        ...records,
        recordIntent: (entry) => {
          labels.set(entry.operationId, entry.label)
          return around(`intent to ${entry.kind} ${entry.label}`, records.recordIntent(entry))
        },
        recordSending: (id) => around(named("sending of", id), records.recordSending(id)),
        recordProgress: (id, ...rest) => around(named("progress of", id), records.recordProgress(id, ...rest)),
        recordCrashes: (id, ...rest) => around(named("crash of", id), records.recordCrashes(id, ...rest)),
        recordForgotten: (id) => around(named("end of", id), records.recordForgotten(id)),
        recordEnd: (id, ...rest) => around(named("end of", id), records.recordEnd(id, ...rest)),
        recordImports: (imports) =>
          around(`import of ${imports.map(({ entry }) => entry.label).join(", ")}`, records.recordImports(imports)),
        relabel: (forma, from, to) => around(`move of ${from} to ${to}`, records.relabel(forma, from, to)),
      })
    }),
  ).pipe(Layer.provide(OperationJournal.layerNoDeps))
  const commands = Layer.effect(
    CommandJournal,
    Effect.map(CommandJournal, (records) =>
      CommandJournal.of({
        ...records,
        begin: (...args) => around("begin of the command", records.begin(...args)),
        end: (...args) => around("end of the command", records.end(...args)),
        cancel: (...args) => around("cancel of the command", records.cancel(...args)),
      }),
    ),
  ).pipe(Layer.provide(CommandJournal.layerNoDeps))
  const outputs = Layer.effect(
    DocumentOutputs,
    Effect.map(DocumentOutputs, (records) =>
      DocumentOutputs.of({
        ...records,
        put: (document) => around(`outputs of ${document.forma}`, records.put(document)),
        remove: (forma) => around(`no outputs of ${forma}`, records.remove(forma)),
      }),
    ),
  ).pipe(Layer.provide(DocumentOutputs.layerNoDeps))
  return { commands, inventory, operations, outputs }
}

/**
 * `layerAgentWithSteps` over what says who may write and which commands take
 * turns. That has a step too, before the COMMIT of several writes.
 */
export const layerStepsOver = <E, R>(
  onStep: (name: string) => Effect.Effect<void>,
  turns: Layer.Layer<Claims | StateOwnership, E, R | SqlClient>,
): Layer.Layer<Agent | AgentRecords, E, PluginCoordinator | R | SqlClient | Vault> => {
  const writing = new Set<object>()
  const around = makeAround(onStep, writing)
  const { commands, inventory, operations, outputs } = recordsWithSteps(around)
  return Agent.layerNoDeps.pipe(
    Layer.provide(ResourceUpdater.layerNoDeps),
    Layer.provideMerge(Layer.mergeAll(ChangeEvents.layer, StopRequests.layer)),
    Layer.provideMerge(Layer.mergeAll(operations, commands, outputs)),
    Layer.provideMerge(Layer.mergeAll(inventory, lastReadsWithSteps(around), Documents.layerNoDeps)),
    Layer.provideMerge(Layer.provide(turns, layerCommits(onStep, writing))),
  )
}

/**
 * The same as `Agent.layer`, and its records, with a step before and after each write of the
 * inventory, the outputs, the journal of operations and the journal of commands, and one
 * before the COMMIT of a transaction that has several of them. At each step
 * `onStep` is run with its name, such as `put web, before`, and the agent waits
 * for it.
 *
 *     layerAgentWithSteps((name) => Effect.logInfo(name))
 */
export const layerAgentWithSteps = (
  onStep: (name: string) => Effect.Effect<void>,
): Layer.Layer<Agent | AgentRecords, never, PluginCoordinator | SqlClient | StateLock | Vault> =>
  layerStepsOver(onStep, Layer.mergeAll(Claims.layer, StateOwnership.layer))
