/** The quarantines of a state file, for commands that need no agent. A file that is not there is not made. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { type Quarantine, Quarantines, Store } from "../agent/index.ts"
import { badInput } from "./CommandFailure.ts"
import { type HostFlags, stateFile } from "./layerAgent.ts"

const withQuarantines = <A, E extends { readonly _tag: string; readonly message: string }>(
  file: string,
  use: (quarantines: Quarantines["Service"]) => Effect.Effect<A, E>,
  openStore = Store.layerFile,
) =>
  Quarantines.use(use).pipe(
    Effect.provide(Quarantines.layer.pipe(Layer.provide(openStore(file)))),
    Effect.mapError((error) => badInput(error._tag, error.message)),
  )

export const quarantinesOf = Effect.fnUntraced(function* (flags: Pick<HostFlags, "config" | "state">) {
  const file = yield* stateFile(flags)
  const fs = yield* FileSystem.FileSystem
  const exists = yield* Effect.orElseSucceed(fs.exists(file), () => false)
  const none: ReadonlyArray<Quarantine> = []
  return exists ? yield* withQuarantines(file, ({ list }) => list, Store.layerFileToRead) : none
})

export const releaseFrom = Effect.fnUntraced(function* (flags: Pick<HostFlags, "config" | "state">, plugin: string) {
  yield* withQuarantines(yield* stateFile(flags), ({ remove }) => remove(plugin))
})
