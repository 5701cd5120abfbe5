/** Looks for the agent of a state. It costs a look at a few paths, and a connection where there is a socket. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Path from "effect/Path"
import { existsSync } from "node:fs"
import { dirname } from "node:path"
import { Store } from "../../agent/index.ts"
import { isWindows, Platform } from "../../platform/Platform.ts"
import { UserIds } from "../../platform/userIds.ts"
import { fileOfState } from "../stateFiles.ts"
import { fitsSocket, objectionToFolder, socketCandidates, socketFacts } from "./socketPath.ts"

/** The paths at which the agent of a state file may listen, the best first, with those that are too long for a socket. */
export const socketCandidatesOf = Effect.fnUntraced(function* (stateFile: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const { uid } = yield* UserIds
  if (Store.isPostgresUrl(stateFile)) return socketCandidates(stateFile, socketFacts(yield* Platform, uid))
  const file = yield* fileOfState(stateFile)
  const absolute = path.resolve(file)
  const folder = path.dirname(absolute)
  const real = yield* Effect.orElseSucceed(fs.realPath(folder), () => folder)
  return socketCandidates(path.join(real, path.basename(absolute)), socketFacts(yield* Platform, uid))
})

/** The paths at which the agent of a state file may listen, the best first. */
export const socketPathsOf = (stateFile: string) =>
  Effect.map(socketCandidatesOf(stateFile), (candidates) => candidates.filter(fitsSocket))

/** How long a connection may take. The system makes it at once, unless as many wait already as it lets wait. */
const connectMillis = 5_000

/** Whether somebody listens there. A socket that a process has left behind is refused by the system. */
export const isListening = (socket: string): Effect.Effect<boolean> =>
  // Loaded where there is a socket: most commands find none.
  Effect.map(
    Effect.timeoutOption(connects(socket), connectMillis),
    Option.getOrElse(() => true),
  )

const connects = (socket: string): Effect.Effect<boolean> =>
  Effect.flatMap(
    Effect.promise(() => import("node:net")),
    ({ connect }) =>
      Effect.callback<boolean>((resume) => {
        const connection = connect(socket)
        const end = (answer: boolean) => {
          connection.destroy()
          resume(Effect.succeed(answer))
        }
        connection.once("connect", () => end(true))
        connection.once("error", () => end(false))
        return Effect.sync(() => connection.destroy())
      }),
  )

/** The socket of the agent that runs on a state file. Undefined where none does. One in a folder that others may enter is not this user's. */
export const findAgent = Effect.fnUntraced(function* (stateFile: string) {
  const { uid } = yield* UserIds
  const hasFolders = !isWindows(yield* Platform)
  for (const socket of yield* socketPathsOf(stateFile)) {
    const mayBe = !hasFolders || (existsSync(socket) && objectionToFolder(dirname(socket), uid) === undefined)
    if (mayBe && (yield* isListening(socket))) return socket
  }
  return undefined
})
