/** Asks for a command at the runner that has its forma. */
import * as Effect from "effect/Effect"
import { Agent } from "../agent/Agent.ts"
import type { Caller } from "../control/api/Access.ts"
import type { ApiCommand } from "../control/api/ApiCommand.ts"
import { canonicalBody, RequestKeys } from "../control/server/RequestKeys.ts"
import { keyReused, notKept, notRead } from "../control/server/requestErrors.ts"
import { commandOf } from "../control/server/runCommand.ts"
import { FormaEntity } from "./FormaEntity.ts"
import { FormaPlaces } from "./FormaPlaces.ts"
import { orNextRunner } from "./orNextRunner.ts"
import { type RequestBody, RequestBodies } from "./RequestBodies.ts"

/** A request is kept first, then there is a message of its key, and then its record. Who asks with the same key again is told of the same command. */
export const makeAskRunner = Effect.gen(function* () {
  const agent = yield* Agent
  const bodies = yield* RequestBodies
  const keys = yield* RequestKeys
  const places = yield* FormaPlaces
  const client = yield* FormaEntity.client

  const keptOf = (key: string) => Effect.mapError(bodies.find(key), notRead)

  const isSameBody = (kept: RequestBody, command: ApiCommand) =>
    Effect.map(Effect.mapError(kept.command, notRead), (one) => canonicalBody(one) === canonicalBody(command))

  const forget = (key: string) => Effect.mapError(bodies.forget(key), notKept)

  /** What has become of the same request, where it was asked for before and has ended. */
  const askedBefore = Effect.fnUntraced(function* (key: string, command: ApiCommand) {
    const known = yield* Effect.mapError(keys.find(key), notKept)
    if (known !== undefined && !(yield* known.isSame(command))) return yield* keyReused(key)
    return known?.record
  })

  /** Keeps what is asked for. Undefined where it has ended meanwhile: nobody would remove it then. */
  const keep = Effect.fnUntraced(function* (key: string, command: ApiCommand, caller: Caller) {
    const entity = yield* places.entityOf(command)
    yield* Effect.mapError(bodies.keep({ key, entity, askedBy: caller.name }, command), notKept)
    if ((yield* Effect.mapError(keys.find(key), notKept))?.record === undefined) return yield* keptOf(key)
    yield* forget(key)
    return undefined
  })

  return Effect.fnUntraced(function* (key: string, command: ApiCommand, caller: Caller) {
    const before = yield* askedBefore(key, command)
    if (before !== undefined) return before
    yield* commandOf(agent, command)
    const kept = (yield* keptOf(key)) ?? (yield* keep(key, command, caller))
    if (kept === undefined) {
      const ended = yield* askedBefore(key, command)
      return ended ?? (yield* notKept({ message: "it was removed at the same moment" }))
    }
    if (!(yield* isSameBody(kept, command))) return yield* keyReused(key)
    const { entity } = kept
    yield* orNextRunner(client(entity).Run({ key }, { discard: true }))
    const begun = orNextRunner(client(entity).Begin({ key }))
    // Nothing was begun, and who asked is told so.
    return yield* Effect.tapErrorTag(begun, ["BadRequest", "Refused"], () => forget(key))
  })
})
