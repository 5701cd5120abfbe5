/** The part of a configuration that is about drift. */
import * as Schema from "effect/Schema"

/** How an agent that stays looks for drift. */
export class DriftConfiguration extends Schema.Opaque<DriftConfiguration>()(
  Schema.Struct({
    /**
     * The time between two looks of an agent that stays, in milliseconds. Each reads
     * all resources, and sets back what a document wants repaired. Without it, the
     * agent looks only when it is asked to.
     */
    everyMillis: Schema.optionalKey(
      Schema.Int.check(Schema.isGreaterThanOrEqualTo(60_000, { expected: "a minute or more, in milliseconds" })),
    ),
  }),
) {}
