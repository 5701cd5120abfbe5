/** The bounds of a launch that no setting changes. */
import * as Duration from "effect/Duration"

/** How long what a dead process has printed is still read, while a grandchild may hold its pipes. */
export const outputGrace = Duration.millis(250)

/** How long a call waits to learn how its plugin ended, before it fails without that. */
export const lossGrace = Duration.seconds(10)
