/** The agent that stays: its socket, those that others have left or have in the way, and whether it answers. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import { isWindows, Platform } from "../../../platform/Platform.ts"
import { commandWords } from "../../../platform/commandWords.ts"
import { UserIds } from "../../../platform/userIds.ts"
import { aboutAgent } from "../../staying/aboutAgent.ts"
import { isListening, socketCandidatesOf } from "../../staying/findAgent.ts"
import { heldBy, isAgentCommand } from "../../staying/lookForAgent.ts"
import { fitsSocket, objectionToFolder } from "../../staying/socketPath.ts"
import { type Check, seconds } from "../Check.ts"
import { agentFindings, type SocketSeen } from "../agentFindings.ts"
import { lookElsewhere } from "../elsewhere.ts"
import { skipped } from "../Finding.ts"

/** A folder that is missing is made, where that is possible. */
const objectionTo = Effect.fnUntraced(function* (folder: string) {
  const { uid } = yield* UserIds
  const objection = objectionToFolder(folder, uid)
  if (objection !== "missing") return objection
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  return yield* Effect.match(fs.access(path.dirname(folder), { writable: true }), {
    onFailure: () => `it is missing, and cannot be made in ${path.dirname(folder)}`,
    onSuccess: () => undefined,
  })
})

const seenAt = Effect.fnUntraced(function* (path: string) {
  const isPipe = isWindows(yield* Platform)
  const fs = yield* FileSystem.FileSystem
  const folder = (yield* Path.Path).dirname(path)
  const objection = isPipe ? undefined : yield* objectionTo(folder)
  const isThere = isPipe || (yield* Effect.orElseSucceed(fs.exists(path), () => false))
  const seen = (found: SocketSeen["found"]): SocketSeen => ({ path, folder, objection, found })
  if (!fitsSocket(path) || !isThere) return seen({ _tag: "Nothing" })
  if (objection !== undefined) return seen({ _tag: "Unused" })
  if (!(yield* isListening(path))) return seen({ _tag: isPipe ? "Nothing" : "Stale" })
  return yield* aboutAgent({ socket: path }).pipe(
    Effect.match({
      onFailure: ({ error, message }) => seen({ _tag: "Silent", why: error?.message ?? message }),
      onSuccess: (about) => seen({ _tag: "Answers", agent: about }),
    }),
  )
})

export const agent: Check = {
  name: "agent",
  boundMillis: seconds(15),
  look: Effect.fnUntraced(function* ({ stateFile, untrusted }) {
    const elsewhere = yield* lookElsewhere
    if (untrusted.state !== undefined) {
      return [...elsewhere, skipped("Not looked for, because the state is not trusted")]
    }
    const sockets = yield* Effect.forEach(yield* socketCandidatesOf(stateFile), seenAt, { concurrency: 4 })
    const held = yield* Effect.orElseSucceed(heldBy(stateFile), () => undefined)
    const isAgent = held !== undefined && isAgentCommand(yield* commandWords(held.pid))
    return [...elsewhere, ...agentFindings({ sockets, holder: isAgent ? held.pid : undefined })]
  }),
}
