import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"

/** Turns of Node's event loop: more than pass between two sleeps of an agent that only waits for its plugins. */
const turnsPerStep = 30

/** Lets everything run that does not wait for time. */
const runAll = Effect.replicateEffect(Effect.yieldNow, turnsPerStep)

/**
 * Runs `effect` while the time of the test passes by itself, in steps of 100 ms
 * or of `step`. Before each step, all that can run without more time has run. So
 * delays, deadlines and restarts take no real time, and on the test's clock at
 * most a step more than they should.
 *
 * Layers that are closed in it have the time to stop their plugins. Time does
 * not wait for a file, a socket or WebCrypto: it runs ahead of them. An agent on
 * `layerTestStore` needs none of these.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Agent, type Forma } from "formae/agent"
 * import { withPassingTime } from "formae/testing"
 *
 * const apply = (forma: Forma) => Effect.flatMap(Agent, (agent) => withPassingTime(agent.apply(forma)))
 * ```
 */
export const withPassingTime = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  step: Duration.Input = "100 millis",
): Effect.Effect<A, E, R> => Effect.raceFirst(effect, Effect.forever(Effect.andThen(runAll, TestClock.adjust(step))))
