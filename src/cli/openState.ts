/** Opens the state that a command works on: a file, or a schema of a Postgres server. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Store } from "../agent/index.ts"

/** Loaded where a state is on a server: most are not. */
const onServer = (state: string, onlyReads: boolean): Store.StoreLayer =>
  Layer.unwrap(
    Effect.map(
      Effect.promise(() => import("./postgres/layerServerState.ts")),
      ({ layerServerState }) => layerServerState(state, onlyReads),
    ),
  )

/** As `Store.layerFile`, for a path or an address. */
export const openState = (state: string): Store.StoreLayer =>
  Store.isPostgresUrl(state) ? onServer(state, false) : Store.layerFile(state)

/** As `Store.layerFileToRead`, for a path or an address. */
export const openStateToRead = (state: string): Store.StoreLayer =>
  Store.isPostgresUrl(state) ? onServer(state, true) : Store.layerFileToRead(state)
