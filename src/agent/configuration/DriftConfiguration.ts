/** The part of a configuration that is about drift. */
import * as Schema from "effect/Schema"
import { DriftPolicy } from "../forma/FormaDocument.ts"

/** What is done about drift. */
export class DriftConfiguration extends Schema.Opaque<DriftConfiguration>()(
  Schema.Struct({
    /**
     * What is done about drift where neither the resource nor its target says it:
     * `report` (the default), `repair` or `ask`.
     */
    policy: Schema.optionalKey(DriftPolicy),
    /**
     * How often an agent that stays reads all resources and sets back those with
     * `drift: repair`: the time between two of these, a minute or more. Without it,
     * the agent does so only when it is asked to. In a cluster, one runner does it for all.
     */
    everyMillis: Schema.optionalKey(
      Schema.Int.check(Schema.isGreaterThanOrEqualTo(60_000, { expected: "a minute or more, in milliseconds" })),
    ),
  }),
) {}
