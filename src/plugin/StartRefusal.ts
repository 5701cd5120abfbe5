/** A plugin whose layer cannot be built refuses the handshake with the reason, instead of ending its process. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { HandshakeRefused } from "../protocol/Handshake.ts"

/** The same layer. If building it fails or throws, it fails with a refusal that gives the reason. */
export const refuseToStart = <R, E>(plugin: string, layer: () => Layer.Layer<R, E>): Layer.Layer<R, HandshakeRefused> =>
  Layer.effectContext(
    Effect.suspend(() => Layer.build(layer())).pipe(
      Effect.catchCause((cause) =>
        // An interrupt is not a failure of the layer: the launch is being ended.
        Cause.hasInterrupts(cause)
          ? Effect.interrupt
          : Effect.fail(
              new HandshakeRefused({ message: `The plugin ${plugin} cannot start: ${reasonOf(Cause.squash(cause))}` }),
            ),
      ),
    ),
  )

/** The message of an error and nothing else, because its other fields may hold values of the settings. */
const reasonOf = (error: unknown): string => {
  if (Predicate.hasProperty(error, "message") && Predicate.isString(error.message) && error.message !== "") {
    return error.message
  }
  if (Predicate.hasProperty(error, "_tag") && Predicate.isString(error._tag)) return error._tag
  return Predicate.isString(error) ? error : "its layer failed"
}
