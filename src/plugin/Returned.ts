/** The properties that a service returned. */
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import type { Properties } from "../protocol/Resource.ts"

/** Leaves out the properties that the service did not return (undefined). A null is kept, because it is a value. */
export const returned = (properties: Record<string, Properties[string] | undefined>): Properties =>
  Record.filter(properties, Predicate.isNotUndefined)
