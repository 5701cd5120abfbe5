/** Flags that may be given any number of times, or not at all. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

/** By `Flag.atLeast(0)` alone the help would call it required. */
export const repeatable = <A>(flag: Flag.Flag<A>): Flag.Flag<ReadonlyArray<A>> =>
  flag.pipe(Flag.atLeast(0), Flag.optional, Flag.map(Option.getOrElse((): ReadonlyArray<A> => [])))
