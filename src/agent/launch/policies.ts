/** The bounds of one launch. Their precedents are in ARCHITECTURE.md. */
import * as Duration from "effect/Duration"

/** From the spawn to the answer of the handshake. */
export const handshakeDeadline = Duration.seconds(10)

/** After the agent has closed a plugin's stdin, before SIGTERM; and after SIGTERM, before SIGKILL. */
export const stopGrace = { inputEnded: Duration.seconds(2), terminated: Duration.seconds(5) }

/** How long what a dead process has printed is still read, while a grandchild may hold its pipes. */
export const outputGrace = Duration.millis(250)

/** Operations under way at one plugin; more wait. */
export const operationsInFlight = 64
