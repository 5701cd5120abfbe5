/** The records of an agent, with a step before and after each write. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CommandJournal } from "../../src/agent/records/CommandJournal.ts"
import { OperationJournal } from "../../src/agent/records/OperationJournal.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import type { Steps } from "./Reaper.ts"

export const steppingRecords = ({ inAgent }: Pick<Steps, "inAgent">) => {
  const around = <A, E>(name: string, write: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.interruptible(inAgent(`${name}, before`)).pipe(
      Effect.andThen(write),
      Effect.tap(() => Effect.interruptible(inAgent(`${name}, after`))),
    )
  const inventory = Layer.effect(
    Inventory,
    Effect.map(Inventory, (records) =>
      Inventory.of({
        ...records,
        put: (row) => around(`put ${row.label}`, records.put(row)),
        remove: (forma, label, nativeId) => around(`remove ${label}`, records.remove(forma, label, nativeId)),
      }),
    ),
  ).pipe(Layer.provide(Inventory.layer))
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
        recordEnd: (id, ...rest) => around(named("end of", id), records.recordEnd(id, ...rest)),
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
      }),
    ),
  ).pipe(Layer.provide(CommandJournal.layerNoDeps))
  return { commands, inventory, operations }
}
