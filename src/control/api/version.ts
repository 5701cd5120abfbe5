/** The version of the models: fields may be added within it, and none is removed or gets another meaning. */
import * as Schema from "effect/Schema"
import { schemaVersion } from "../../agent/version.ts"

/** The version of the models and of the paths. */
export { schemaVersion }

/** The field that each answer and each event has. */
export const versioned = {
  /** The version of this shape. */
  schemaVersion: Schema.Literal(schemaVersion),
}

/** The versions of the API that this agent speaks, the oldest and the newest. */
export const apiRange = { min: 1, max: 1 } as const
