/** Copies a state with its key. Loaded where it is done. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as Redacted from "effect/Redacted"
import { SqlClient } from "effect/sql/SqlClient"
import { StateOwnership, Store } from "../../agent/index.ts"
import { copyTables } from "../../agent/store/copyTables.ts"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { keyFile } from "../../agent/store/KeyFile.ts"
import { readConfig } from "../AgentConfig.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput } from "../CommandFailure.ts"
import { openState } from "../openState.ts"
import { printProgress } from "../Outputs.ts"
import { keyFileOf, stateExists } from "../stateFiles.ts"
import { layerOwnState } from "../trust/ownState.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { givenKey } from "./givenKey.ts"

interface CopyFlags {
  readonly from: string
  readonly to: string
  readonly config: Parameters<typeof readConfig>[0]
  readonly trust: ReadonlyArray<string>
}

/** The key of a state: in its file, or for one on a server that which was given. */
const keyIn = Effect.fnUntraced(function* (state: string) {
  const given = Store.isPostgresUrl(state) ? yield* Effect.mapError(givenKey, refusedFile(state)) : undefined
  if (given !== undefined) return { bytes: Redacted.value(given), file: undefined }
  const file = yield* keyFileOf(state)
  const found = yield* Effect.flatMap(keyFile(file), ({ find }) => find).pipe(Effect.mapError(failed))
  return { bytes: found, file }
})

const refusedFile = (state: string) => (error: Store.FileRefused) =>
  badInput(error.condition, `The state ${state} cannot be used: ${error.reason}. ${error.remedy ?? ""}`)

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0

/** Gives the target the key of the state. Fails where it has another one. */
const bringKey = Effect.fnUntraced(function* (to: string, bytes: Uint8Array | undefined) {
  const there = yield* keyIn(to)
  if (bytes === undefined) return there.file ?? null
  if (there.bytes !== undefined && !isSame(there.bytes, bytes)) {
    return yield* badInput(
      "ForeignKey",
      `The state was not copied: ${there.file ?? "the key that was given"} is not its key, and so nothing that is locked in it could be opened. Move that key away, or copy to another place`,
    )
  }
  if (there.bytes === undefined && there.file !== undefined) {
    const path = yield* Path.Path
    const fs = yield* FileSystem.FileSystem
    yield* Effect.mapError(makeFolder(fs, path, path.dirname(there.file)), ({ message }) =>
      badInput("KeyUnwritable", message),
    )
    yield* Effect.flatMap(keyFile(there.file), ({ keep }) => keep(bytes)).pipe(Effect.mapError(failed))
  }
  return there.file ?? null
})

/** Opens a state and holds it, so that nobody works on it meanwhile. */
const openHeld = (state: string) =>
  Layer.build(
    Layer.fresh(
      Layer.effectDiscard(Effect.flatMap(StateOwnership, ({ hold }) => hold)).pipe(
        Layer.provideMerge(StateOwnership.layer),
        Layer.provideMerge(openState(state)),
      ),
    ),
  ).pipe(
    Effect.flatMap((context) => SqlClient.pipe(Effect.provideContext(context))),
    Effect.mapError((error) => (error._tag === "StoreUnavailable" ? refused(error) : failed(error))),
  )

/** Copies `from` to `to`, and gives the tables and the file of the key. Null where the key is in no file. */
export const runCopy = Effect.fnUntraced(function* ({ from, to, ...flags }: CopyFlags) {
  const settings = yield* readConfig(flags.config)
  yield* requireTrust({ trust: flags.trust, state: Option.some(from) }, settings, ["state"])
  if (!(yield* stateExists(from))) return yield* badInput("StateMissing", `There is no state file ${from}`)
  const source = yield* openHeld(from)
  const { bytes } = yield* keyIn(from)
  // A file without a state must have no key beside it, and a state on a server gets one as it is opened.
  const before = Store.isPostgresUrl(to) ? yield* bringKey(to, bytes) : undefined
  const target = yield* Effect.provide(openHeld(to), layerOwnState(settings), { local: true })
  const tables = yield* Effect.mapError(
    copyTables(source, target, ({ rows, table }) =>
      rows === 0 ? Effect.void : printProgress(`${table}: ${rows} ${rows === 1 ? "row" : "rows"}`),
    ),
    (error) => (error._tag === "CopyRefused" ? refused(error) : failed(error)),
  )
  return { tables, key: before === undefined ? yield* bringKey(to, bytes) : before }
}, Effect.scoped)
