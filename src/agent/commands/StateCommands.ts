/** The commands by which a human corrects the state. No provider changes anything. */
import * as Effect from "effect/Effect"
import type { NativeId } from "../../protocol/Identity.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { makeCommandResult } from "./CommandResult.ts"
import { makeCommandTurn } from "./CommandTurn.ts"
import { settledEntry } from "./EntryResult.ts"
import { makeMoving } from "./Moving.ts"
import type { OperationName } from "./OperationNotOpen.ts"
import type { ResourceName } from "./ResourceNotFound.ts"
import { Settlement } from "./Settlement.ts"

export const makeStateCommands = Effect.gen(function* () {
  const moving = yield* makeMoving
  const settlement = yield* Settlement
  const { takeQuietly } = yield* makeCommandTurn

  /** In its own turn: no other command runs meanwhile. */
  const alone = <A, E>(command: Effect.Effect<A, E>) => Effect.scoped(Effect.andThen(takeQuietly("all", {}), command))

  const settle = <E>(command: "adopt" | "forget", settled: Effect.Effect<JournalEntry, E>) =>
    alone(Effect.map(settled, (entry) => makeCommandResult(command, [settledEntry(command, entry)])))

  return {
    adopt: (name: OperationName, nativeId: NativeId) => settle("adopt", settlement.adopt(name, nativeId)),
    forget: (name: OperationName) => settle("forget", settlement.forget(name)),
    move: (name: ResourceName, to: string) => alone(moving(name, to)),
  }
})
