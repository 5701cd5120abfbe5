/** The part of a configuration that is about drift. */
import * as Schema from "effect/Schema"
import { DriftPolicy } from "../forma/FormaDocument.ts"

/** What is done about drift. */
export class DriftConfiguration extends Schema.Opaque<DriftConfiguration>()(
  Schema.Struct({
    /**
     * What happens to drift where neither the document nor its target says so:
     * `report`, `repair` or `ask`. `report` by default. An agent that stays uses
     * what it was started with.
     */
    policy: Schema.optionalKey(DriftPolicy),
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
