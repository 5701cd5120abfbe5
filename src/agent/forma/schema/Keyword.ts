/** How the keywords of a schema are applied to a value. */
import type { Outcome } from "./Outcome.ts"
import type { Place } from "./Place.ts"
import type { Resource, SchemaIndex } from "./SchemaIndex.ts"
import type { Work } from "./Work.ts"

/** The schema resources that were entered on the way, the last one first (`$dynamicRef`). */
export interface Scope {
  readonly resource: Resource
  readonly outer: Scope | undefined
}

/** One check of one value. */
export interface Run {
  readonly work: Work
  readonly index: SchemaIndex
  /** Whether a pattern is found in a text. `undefined` if that cannot be said. */
  readonly matches: (pattern: string, text: string, at: Place) => boolean | undefined
  /** Whether a text that is not in its format is wrong. */
  readonly assertsFormats: boolean
  readonly apply: (schema: unknown, at: Place, scope: Scope, resource?: Resource) => Outcome
}

/** One schema that is applied to one place. */
export interface Application {
  readonly schema: Readonly<Record<string, unknown>>
  readonly at: Place
  readonly scope: Scope
  readonly run: Run
}

/** Applies one keyword. A keyword whose value is not what the standard allows is not checked. */
export type Keyword = (operand: unknown, application: Application) => Outcome

export type Keywords = Readonly<Record<string, Keyword>>
