/** A plugin whose layer can not be built says so in its handshake, and not with the end of its process. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { HandshakeRefused } from "../protocol/Handshake.ts"

/** The same layer; where it fails or throws, the failure is a refusal in a sentence. */
export const refuseToStart = <R, E>(plugin: string, layer: () => Layer.Layer<R, E>): Layer.Layer<R, HandshakeRefused> =>
  Layer.effectContext(
    Effect.suspend(() => Layer.build(layer())).pipe(
      Effect.catchCause((cause) =>
        // An interrupt is no answer of the plugin's: the launch is being ended.
        Cause.hasInterrupts(cause)
          ? Effect.interrupt
          : Effect.fail(
              new HandshakeRefused({ message: `The plugin ${plugin} can not start: ${reasonOf(Cause.squash(cause))}` }),
            ),
      ),
    ),
  )

/** The message of an error and nothing else of it: its other fields may hold what the settings held. */
const reasonOf = (error: unknown): string => {
  if (Predicate.hasProperty(error, "message") && Predicate.isString(error.message) && error.message !== "") {
    return error.message
  }
  if (Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag)) return error._tag
  return Predicate.isString(error) ? error : "its layer failed"
}
