/** The event loop of a fake process, as far as it can be blocked: its pipes and its timers. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Sink from "effect/Sink"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"

/** Completes at once, and never once the event loop is blocked. */
type Turn = Effect.Effect<void>

/** The same Stdio, on which each read and each write takes a turn. */
const stdioOn = (turn: Turn, stdio: Stdio.Stdio): Stdio.Stdio =>
  Stdio.make({
    ...stdio,
    stdin: stdio.stdin.pipe(
      Stream.tap(() => turn),
      // Its end is read, too.
      Stream.concat(Stream.fromEffectDrain(turn)),
    ),
    stdout: (options) => Sink.mapInputEffect(stdio.stdout(options), (chunk) => Effect.as(turn, chunk)),
  })

/** The same clock, whose sleeps end with a turn. */
const clockOn = (turn: Turn, clock: Clock.Clock): Clock.Clock => ({
  currentTimeMillisUnsafe: () => clock.currentTimeMillisUnsafe(),
  currentTimeMillis: clock.currentTimeMillis,
  currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
  currentTimeNanos: clock.currentTimeNanos,
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => Effect.andThen(clock.sleep(duration), turn),
})

/** The pipes and the clock of a process. Each read, each write and each timer takes a turn. */
export const onEventLoop = (turn: Turn, stdio: Stdio.Stdio): Effect.Effect<Context.Context<Stdio.Stdio>> =>
  Clock.clockWith((clock) =>
    Effect.succeed(
      Context.make(Stdio.Stdio, stdioOn(turn, stdio)).pipe(Context.add(Clock.Clock, clockOn(turn, clock))),
    ),
  )
