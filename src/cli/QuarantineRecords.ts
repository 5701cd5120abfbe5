/** The quarantines in a state file, for commands that need no agent. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Quarantine, Quarantines } from "../agent/index.ts"
import { refused } from "./agentFailures.ts"
import { openState, openStateToRead } from "./openState.ts"
import { stateExists } from "./stateFiles.ts"

const withQuarantines = <A, E extends { readonly _tag: string; readonly message: string }>(
  stateFile: string,
  use: (quarantines: Quarantines["Service"]) => Effect.Effect<A, E>,
  openStore = openState,
) =>
  Quarantines.use(use).pipe(
    Effect.provide(Quarantines.layer.pipe(Layer.provide(openStore(stateFile)))),
    Effect.mapError(refused),
  )

/** None if there is no state file, which is not created. */
export const listQuarantines = Effect.fnUntraced(function* (stateFile: string) {
  const none: ReadonlyArray<Quarantine> = []
  return (yield* stateExists(stateFile)) ? yield* withQuarantines(stateFile, ({ list }) => list, openStateToRead) : none
})

export const removeQuarantine = (stateFile: string, plugin: string) =>
  withQuarantines(stateFile, ({ remove }) => remove(plugin))
