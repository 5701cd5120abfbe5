/** Makes a call go wrong in the ways that its target asks for. */
import { writeSync } from "node:fs"
import { ProviderError } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Account } from "./Cloud.ts"
import type { Call } from "./Call.ts"
import { Fault } from "./Target.ts"

export type Moment = "before" | "after"

/** Carries out the faults for this moment, in order, except those that are used up. */
export const injectFaults = Effect.fnUntraced(function* (account: Account, call: Call, moment: Moment) {
  for (const fault of call.target.faults) {
    if (!applies(fault, call, moment)) continue
    const key = yield* Effect.orDie(encodeKey(fault))
    if (yield* account.run((tables) => tables.useFault(key, fault.times))) yield* carryOut(fault)
  }
})

const encodeKey = Schema.encodeEffect(Schema.fromJsonString(Fault))

const applies = (fault: Fault, call: Call, moment: Moment): boolean =>
  happensIn(fault, call, moment) &&
  (fault.type === undefined || fault.type === call.resourceType) &&
  (fault.label === undefined || fault.label === call.label)

const happensIn = ({ operation, when }: Fault, call: Call, moment: Moment): boolean =>
  when === "status"
    ? // Only creates are asynchronous, so every status call asks about a create.
      call.operation === "status" && moment === "before" && (operation === "create" || operation === "status")
    : call.operation === operation && when === moment

const tenMinutes = 600_000

/** Half a frame and a line break, as a native library might print it. */
const junk = 'native: *** {"_tag":"Exit","requestId":\n'

const carryOut = ({ action, code, millis, retryAfterMillis }: Fault): Effect.Effect<void, ProviderError> => {
  switch (action) {
    case "delay":
      return Effect.sleep(millis ?? 100)
    case "error":
      return Effect.fail(ProviderError.of(code, "a fault that the target asks for").after(retryAfterMillis))
    case "crash":
      return Effect.sync(() => process.kill(process.pid, "SIGKILL"))
    case "hang":
      return Effect.never
    case "stall":
      return Effect.sync(() => stall(millis))
    case "garbage":
      return Effect.sync(() => writeSync(1, junk))
  }
}

/** Blocks the event loop. Its name appears in the report about a plugin that hung. */
function stall(millis = tenMinutes) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis)
}
