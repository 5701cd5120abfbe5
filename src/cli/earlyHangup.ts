/** A SIGHUP that came while the command was loaded: the starter (`bin/formae.js`, `scripts/starter.ts`) remembers it. */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"

const Hangup = Schema.Struct({ received: Schema.Boolean })
const decodeHangup = Schema.decodeUnknownOption(Hangup)

const Listener = Schema.Struct({ listen: Schema.declare((one): one is () => void => typeof one === "function") })
const decodeListener = Schema.decodeUnknownOption(Listener)

const remembered = (): unknown => Reflect.get(globalThis, Symbol.for("formae/hangup"))

/** Whether the signal has come. */
export const hasHungUp = (): boolean =>
  Option.match(decodeHangup(remembered()), { onNone: () => false, onSome: ({ received }) => received })

/** Ends the starter's listening. Another listener must be there by then, because a signal without one ends the process. */
export const endEarlyHangup = (): void => {
  const found = decodeListener(remembered())
  if (Option.isSome(found)) process.off("SIGHUP", found.value.listen)
}
