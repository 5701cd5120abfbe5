/** The commands by which a human corrects the state. No provider changes anything. */
import * as Effect from "effect/Effect"
import type { NativeId } from "../../protocol/Identity.ts"
import type { JournalEntry } from "../records/JournalEntry.ts"
import { CommandBoard } from "./CommandBoard.ts"
import { makeCommandResult } from "./CommandResult.ts"
import { makeCommandTurn } from "./CommandTurn.ts"
import { settledEntry } from "./EntryResult.ts"
import { makeMoving } from "./Moving.ts"
import type { OperationName } from "./OperationNotOpen.ts"
import type { ResourceName } from "./ResourceNotFound.ts"
import { Settlement } from "./Settlement.ts"

export const makeStateCommands = Effect.gen(function* () {
  const board = yield* CommandBoard
  const moving = yield* makeMoving
  const settlement = yield* Settlement
  const { inQuietTurn } = yield* makeCommandTurn

  /** In its own turn: no other command runs meanwhile. */
  const alone = <A, E>(
    command: "adopt" | "forget" | "mv",
    { forma = "" }: OperationName | ResourceName,
    run: Effect.Effect<A, E>,
  ) =>
    Effect.scoped(
      Effect.gen(function* () {
        return yield* inQuietTurn("all", yield* board.enter({ command, forma }, {}), run)
      }),
    )

  const settle = <E>(command: "adopt" | "forget", name: OperationName, settled: Effect.Effect<JournalEntry, E>) =>
    alone(
      command,
      name,
      Effect.map(settled, (entry) => makeCommandResult(command, [settledEntry(command, entry)])),
    )

  return {
    adopt: (name: OperationName, nativeId: NativeId) => settle("adopt", name, settlement.adopt(name, nativeId)),
    forget: (name: OperationName) => settle("forget", name, settlement.forget(name)),
    move: (name: ResourceName, to: string) => alone("mv", name, moving(name, to)),
  }
})
