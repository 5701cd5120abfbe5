/** A SIGHUP that came while the command was loaded: the starter (`bin/formae.js`, `scripts/starter.ts`) remembers it. */
import * as Predicate from "effect/Predicate"

const remembered = (): unknown => Reflect.get(globalThis, Symbol.for("formae/hangup"))

/** Whether the signal has come. */
export const hasHungUp = (): boolean => {
  const found = remembered()
  return Predicate.hasProperty(found, "received") && found.received === true
}

/** Ends the starter's listening. Another listener must be there by then, because a signal without one ends the process. */
export const endEarlyHangup = (): void => {
  const found = remembered()
  if (Predicate.hasProperty(found, "listen") && isListener(found.listen)) process.off("SIGHUP", found.listen)
}

const isListener = (one: unknown): one is () => void => typeof one === "function"
