/** Why a request for a command is refused. */
import { isServerAway } from "../../agent/store/serverAway.ts"
import { NotFound, Refused, stateAway, Unavailable } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"

/** No command was asked for with the key. */
export const notFound = (key: string) =>
  new NotFound({ schemaVersion, code: "CommandUnknown", message: `No command was asked for with the key ${key}` })

interface Cause {
  readonly message: string
}

/** Clients ask again. */
const codeOf = (cause: Cause, otherwise: string): string => (isServerAway(cause) ? stateAway : otherwise)

/** Such as on a full disk. Nothing was begun. */
export const notKept = (cause: Cause) =>
  new Unavailable({
    schemaVersion,
    code: codeOf(cause, "RequestNotKept"),
    message: `The request cannot be kept, so nothing was begun: ${cause.message}`,
  })

/** Such as on a disk that does not read. */
export const notRead = (cause: Cause) =>
  new Unavailable({
    schemaVersion,
    code: codeOf(cause, "RequestNotRead"),
    message: `The request cannot be looked up: ${cause.message}`,
  })

/** The key of another request. */
export const keyReused = (key: string) =>
  new Refused({
    schemaVersion,
    code: "KeyReused",
    message: `Another request was made with the key ${key}. Use a new key for each command`,
  })

/** The code of `canceledBefore`. */
export const commandCanceled = "CommandCanceled"

/** A person has canceled it. */
export const canceledBefore = (key: string) =>
  new Refused({
    schemaVersion,
    code: commandCanceled,
    message: `The command that was asked for with the key ${key} was canceled. Ask for a resume to continue it`,
  })

/** The agent ends. It begins nothing, and nothing of the request was kept. */
export const agentLeaving = () =>
  new Unavailable({
    schemaVersion,
    code: "AgentLeaving",
    message: "The agent is about to end, so it begins nothing new. Send the request again once the next one is there",
  })
