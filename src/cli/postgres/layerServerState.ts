/** A state on Postgres, with the password and the key that this process was given. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { Store, Vault } from "../../agent/index.ts"
import { makeFolder } from "../../agent/store/DurableFolder.ts"
import { parsePostgresUrl } from "../../agent/store/postgres/PostgresAddress.ts"
import { badAddress } from "../../agent/store/postgres/PostgresTrouble.ts"
import { checkSharedKey } from "../../agent/store/postgres/sharedKey.ts"
import { unavailable } from "../../agent/store/StoreUnavailable.ts"
import { keyFileOf, keyFileVariable, keyVariable } from "../stateFiles.ts"
import { givenKey } from "./givenKey.ts"
import { withPassword } from "./serverPassword.ts"

/** How a host gets the key that it has not. */
const keyAdvice = `Copy the key file of a host that has it, and name it with ${keyFileVariable}, or give the key in ${keyVariable}`

const open = Effect.fnUntraced(function* (state: string, onlyReads: boolean) {
  const parsed = parsePostgresUrl(state)
  if (Result.isFailure(parsed)) return yield* new Store.FileRefused(badAddress(parsed.failure))
  const url = parsed.success
  const store = Store.layerPostgres({ url: yield* withPassword(url.url), schema: url.schema, onlyReads })
  const given = yield* givenKey
  const keyFile = given === undefined ? yield* keyFileOf(state) : undefined
  if (keyFile !== undefined && !onlyReads) {
    const path = yield* Path.Path
    yield* makeFolder(yield* FileSystem.FileSystem, path, path.dirname(keyFile))
  }
  const vault = given === undefined ? Vault.layerFile(keyFile ?? "") : Vault.layerKey(given)
  const check = checkSharedKey({ keyFile, advice: keyAdvice, onlyReads })
  return Layer.effectDiscard(check).pipe(Layer.provideMerge(Layer.merge(store, vault)))
})

/** Opens a state on Postgres. `onlyReads` is for a command that changes nothing. */
export const layerServerState = (state: string, onlyReads: boolean): Store.StoreLayer =>
  Layer.unwrap(open(state, onlyReads)).pipe(
    Layer.catch((error) =>
      Layer.effectContext(Effect.fail(error._tag === "StoreUnavailable" ? error : unavailable(state)(error))),
    ),
  )
