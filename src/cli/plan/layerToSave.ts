/** The state of a plan that is going to be saved. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { Store } from "../../agent/index.ts"
import { openState, openStateToRead } from "../openState.ts"
import { fileOfState, keyFileOf } from "../stateFiles.ts"

/** Whether there is a state with a key. */
export const hasKey = Effect.fnUntraced(function* (stateFile: string) {
  const fs = yield* FileSystem.FileSystem
  // Opening a state on a server makes its key, if it has none.
  if (Store.isPostgresUrl(stateFile)) return true
  const found = yield* Effect.forEach([yield* fileOfState(stateFile), yield* keyFileOf(stateFile)], (one) =>
    Effect.orElseSucceed(fs.exists(one), () => true),
  )
  return found.every((isThere) => isThere)
})

/**
 * As for every plan, the state stays as it is. Only where there is none yet, or
 * none with a key, it is opened as an apply opens it: the plan is locked with
 * its key, which has to be that of the state that will be there.
 */
export const layerToSave: typeof openState = (path) =>
  Layer.unwrap(Effect.map(hasKey(path), (isThere) => (isThere ? openStateToRead(path) : openState(path))))
