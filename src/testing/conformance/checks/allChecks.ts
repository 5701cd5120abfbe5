import type { CheckDescription } from "../report/CheckDescription.ts"
import { type CheckId, type PluginCheckId, pluginCheckIds, type TypeCheckId, typeCheckIds } from "../report/CheckId.ts"
import { runDescriptions } from "./plugin/runDescriptions.ts"
import { beforeHandshakeDescriptions } from "./plugin/beforeHandshakeChecks.ts"
import { handshakeDescriptions } from "./plugin/handshakeChecks.ts"
import { handshakeAnswerDescriptions } from "./plugin/handshakeAnswerChecks.ts"
import { refusalDescriptions } from "./plugin/refusalChecks.ts"
import { toleranceDescriptions } from "./plugin/toleranceChecks.ts"
import { callDescriptions } from "./plugin/callChecks.ts"
import { idDescriptions } from "./plugin/idChecks.ts"
import { interruptDescriptions } from "./plugin/interruptChecks.ts"
import { namingDescriptions } from "./plugin/namingCheck.ts"
import { patternDescriptions } from "./plugin/patternCheck.ts"
import { inFlightDescriptions } from "./plugin/inFlightChecks.ts"
import { exitDescriptions } from "./plugin/exitChecks.ts"
import { stopRetryingDescriptions } from "./plugin/stopRetryingCheck.ts"
import { leaseDescriptions } from "./plugin/leaseCheck.ts"
import { drainDescriptions } from "./plugin/drainCheck.ts"
import { stdoutDescriptions } from "./plugin/stdoutCheck.ts"
import { watchDescriptions } from "./type/watchChecks.ts"
import { sentAgainDescriptions } from "./type/sentAgainChecks.ts"
import { describeDescriptions } from "./plugin/describeCheck.ts"
import { droppedDescriptions } from "./type/droppedCheck.ts"
import { workGoneDescriptions } from "./type/workGoneCheck.ts"
import { failureDescriptions } from "./type/failureChecks.ts"
import { rateLimitDescriptions } from "./type/rateLimitCheck.ts"
import { createDescriptions } from "./type/createChecks.ts"
import { identifyDescriptions } from "./type/identifyChecks.ts"
import { recoverDescriptions } from "./type/recoverChecks.ts"
import { readDescriptions } from "./type/readChecks.ts"
import { listDescriptions } from "./type/listChecks.ts"
import { updateDescriptions } from "./type/updateChecks.ts"
import { badInputDescriptions } from "./type/badInputChecks.ts"
import { deleteDescriptions } from "./type/deleteChecks.ts"
import { outOfBandDescriptions } from "./type/outOfBandCheck.ts"
import { killDescriptions } from "./type/killChecks.ts"
import { secretDescriptions } from "./type/secretCheck.ts"

const described: Readonly<Record<CheckId, CheckDescription>> = {
  ...runDescriptions,
  ...beforeHandshakeDescriptions,
  ...handshakeDescriptions,
  ...handshakeAnswerDescriptions,
  ...describeDescriptions,
  ...refusalDescriptions,
  ...toleranceDescriptions,
  ...callDescriptions,
  ...stopRetryingDescriptions,
  ...leaseDescriptions,
  ...idDescriptions,
  ...interruptDescriptions,
  ...patternDescriptions,
  ...namingDescriptions,
  ...inFlightDescriptions,
  ...exitDescriptions,
  ...drainDescriptions,
  ...stdoutDescriptions,
  ...watchDescriptions,
  ...sentAgainDescriptions,
  ...droppedDescriptions,
  ...workGoneDescriptions,
  ...failureDescriptions,
  ...rateLimitDescriptions,
  ...createDescriptions,
  ...identifyDescriptions,
  ...recoverDescriptions,
  ...readDescriptions,
  ...listDescriptions,
  ...updateDescriptions,
  ...badInputDescriptions,
  ...deleteDescriptions,
  ...outOfBandDescriptions,
  ...killDescriptions,
  ...secretDescriptions,
}

const inOrder = <Id extends CheckId>(ids: ReadonlyArray<Id>) =>
  Object.fromEntries(ids.map((id) => [id, described[id]])) as Readonly<Record<Id, CheckDescription>>

/** The checks of a plugin as a whole, by id, in the order in which they are reported. */
export const pluginChecks: Readonly<Record<PluginCheckId, CheckDescription>> = inOrder(pluginCheckIds)

/** The checks of one resource type, by id, in the order in which they are reported. */
export const typeChecks: Readonly<Record<TypeCheckId, CheckDescription>> = inOrder(typeCheckIds)

/** All checks of the kit, by id: those of a plugin as a whole, then those of a resource type. */
export const allChecks: Readonly<Record<CheckId, CheckDescription>> = { ...pluginChecks, ...typeChecks }
