/** Finds out what the checks look at. Nobody is asked, and a mistake in the configuration is no reason to stop. */
import * as Effect from "effect/Effect"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import type { AgentConfig } from "../config/AgentConfig.ts"
import { findPlaces } from "../config/findPlaces.ts"
import { layerUnasked } from "../trust/layerUnasked.ts"
import { requireTrust, type Use } from "../trust/requireTrust.ts"
import { type DoctorFlags, seconds, type Subject } from "./Check.ts"
import { endsWithin } from "./endsWithin.ts"

/** How long each of these looks may take. A file may be on a disk that does not answer. */
const boundMillis = seconds(10)

const withinBound = (what: string) =>
  endsWithin(
    boundMillis,
    Effect.fail(
      badInput(
        "NoAnswer",
        `${what} has not ended within ${boundMillis / 1_000} s: a file of it cannot be read to its end`,
      ),
    ),
  )

const failureOf = <A, R>(look: Effect.Effect<A, CommandFailure, R>) =>
  Effect.match(look, { onFailure: (failure): CommandFailure | undefined => failure, onSuccess: () => undefined })

export const makeSubject = Effect.fnUntraced(function* (flags: DoctorFlags) {
  const read = yield* Effect.result(withinBound("Reading the configuration")(readConfig(flags.config)))
  const config: AgentConfig =
    read._tag === "Success" ? read.success : { places: yield* findPlaces(true), found: undefined, given: [] }
  const untrusted = (uses: ReadonlyArray<Use>) =>
    failureOf(withinBound("Looking at what the folder supplies")(requireTrust(flags, config, uses)))
  const subject: Subject = {
    flags,
    config,
    misconfigured: read._tag === "Failure" ? read.failure : undefined,
    stateFile: stateFileOf(flags, config),
    untrusted: yield* Effect.all(
      { all: untrusted(["plugins", "state"]), state: untrusted(["state"]) },
      { concurrency: 2 },
    ),
  }
  return subject
}, Effect.provide(layerUnasked))
