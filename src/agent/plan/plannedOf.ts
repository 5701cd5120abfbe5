/** One change of a plan, as it is reported before it begins. */
import { type Change, type PlannedChange, summaryOf } from "./Change.ts"

export const plannedOf = (change: Change): PlannedChange => ({ ...summaryOf(change), dependsOn: change.dependsOn })
