/** The handshake of a launch: its request, its deadline, and the check of its answer. */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as RunningTime from "../../transport/RunningTime.ts"
import type { HandshakeRequest, HandshakeResponse } from "../../protocol/Handshake.ts"
import type { Manifest } from "../catalog/Manifest.ts"
import { checkHandshake } from "./HandshakeCheck.ts"
import { outputGrace } from "./ProcessEnd.ts"
import type { PluginProcess } from "./PluginProcess.ts"
import type { PluginClient } from "./PluginClient.ts"
import { StartFailure, startFailureOf } from "./StartFailure.ts"
import { unreadableFields } from "./UnreadableAnswer.ts"

export interface HandshakeOptions {
  readonly client: PluginClient
  readonly process: Pick<PluginProcess, "ended">
  readonly request: HandshakeRequest
  readonly manifest: Manifest
  /** The time from the spawn to the answer. */
  readonly handshakeMillis: number
  /** How much of that has passed. */
  readonly passedMillis: number
}

/** How long to wait for the end of a process after its connection was lost, or its handshake given up. */
const lossGrace = Duration.times(outputGrace, 4)

/** The answer of the plugin that was started, or the reason why there is none. */
export const performHandshake = (options: HandshakeOptions): Effect.Effect<HandshakeResponse, StartFailure> => {
  const { handshakeMillis, manifest, passedMillis, process, request } = options
  return orEndedInstead(process, ask(options)).pipe(
    (answer) =>
      RunningTime.timeoutOrElse(answer, {
        duration: Duration.millis(Math.max(handshakeMillis - passedMillis, 0)),
        orElse: () => Effect.fail(StartFailure.cases.TimedOut.make({ millis: handshakeMillis })),
      }),
    Effect.tap((answer) => {
      const mismatch = checkHandshake(answer, { manifest, cookie: request.cookie })
      return mismatch === undefined ? Effect.void : refused(mismatch)
    }),
  )
}

/** A step of a start. The end of the process decides, not the end of its pipes: a child of it may hold them open. */
export const orEndedInstead = <A, R>(
  { ended }: Pick<PluginProcess, "ended">,
  step: Effect.Effect<A, StartFailure, R>,
): Effect.Effect<A, StartFailure, R> =>
  Effect.raceFirst(
    step,
    Effect.flatMap(ended, ({ outcome }) => Effect.fail(startFailureOf(outcome))),
  )

/** Fails a step, unless the process ends now: that says more. */
export const refusedUnlessEnded = (message: string): Effect.Effect<never, StartFailure> =>
  Effect.delay(refused(message), lossGrace)

const refused = (message: string): Effect.Effect<never, StartFailure> =>
  Effect.fail(StartFailure.cases.Refused.make({ message }))

const ask = ({ client, request }: HandshakeOptions): Effect.Effect<HandshakeResponse, StartFailure> =>
  client.Handshake(request).pipe(
    Effect.catchDefect((defect) => refused(unreadable(defect))),
    Effect.catchTags({
      HandshakeRefused: ({ message }) => refused(message),
      // A process that cannot start ends just after its stdout. Its exit says more than the pipe.
      RpcClientError: ({ reason }) => refusedUnlessEnded(reason.message),
    }),
    // If this launch were interrupted, it would not get here: the plugin has ended the call.
    // One that a signal is ending does so just before its end, which says more.
    Effect.catchCauseIf(Cause.hasInterruptsOnly, () => refusedUnlessEnded("it gave up its handshake")),
  )

/** Why an answer is not in the protocol: which places of it, but none of its values. */
const unreadable = (defect: unknown): string => {
  const fields = unreadableFields(defect)
  if (fields === undefined) {
    return `its handshake cannot be read: ${Predicate.isError(defect) ? defect.message : String(defect)}`
  }
  return `it does not speak this protocol: in its answer to the handshake, ${fields} is missing or has another shape; upgrade the plugin`
}
