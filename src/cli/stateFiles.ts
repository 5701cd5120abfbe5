/** The files of this host that belong to a state: its key, its log, its tokens. */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { HostEnvironment, Store } from "../agent/index.ts"
import { keyOf } from "../agent/store/FileCheck.ts"
import { within } from "../platform/paths.ts"
import { fileExists } from "./InputFile.ts"
import { shortNameOf } from "./staying/socketPath.ts"
import { ThisUser } from "./trust/ThisUser.ts"

/** Names the key file of a state on Postgres. Other hosts need the same key. */
export const keyFileVariable = "FORMAE_STATE_KEY_FILE"

/** Has the key of a state on Postgres itself, in Base64. */
export const keyVariable = "FORMAE_STATE_KEY"

/** What the names of the files that belong to a state begin with: the path of its file, links resolved. For a state on Postgres a path in a folder of this user. */
export const fileOfState = (state: string): Effect.Effect<string, never, FileSystem.FileSystem | Path.Path> =>
  Store.isPostgresUrl(state)
    ? Effect.map(ThisUser, ({ stateHome }) =>
        within(within(within(stateHome ?? ".", "formae/states"), shortNameOf(state)), "state"),
      )
    : Effect.orElseSucceed(Store.followLinks(state), () => state)

/** Whether there may be something in a state. Of one on a server, that is known when it is opened. */
export const stateExists = (state: string) => (Store.isPostgresUrl(state) ? Effect.succeed(true) : fileExists(state))

/** The file with the key of a state. */
export const keyFileOf = Effect.fnUntraced(function* (state: string) {
  const named = (yield* HostEnvironment)[keyFileVariable]
  return Store.isPostgresUrl(state) && named !== undefined && named !== "" ? named : keyOf(yield* fileOfState(state))
})
