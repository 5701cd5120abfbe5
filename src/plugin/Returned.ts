/** Properties as a service returned them. */
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Properties } from "../protocol/Resource.ts"

/** Leaves out what the service did not return: a property that is absent is not the same as one that is null. */
export const returned = (properties: Record<string, Properties[string] | undefined>): Properties =>
  Record.filter(properties, Predicate.isNotUndefined)
