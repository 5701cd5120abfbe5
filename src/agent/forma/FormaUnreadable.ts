/** Why a text is not a forma. */
import * as Data from "effect/Data"
import { formatPlaced, type PlacedIssue } from "./LocatedText.ts"

/** The text is not a valid forma. Nothing was done. */
export class FormaUnreadable extends Data.TaggedError("FormaUnreadable")<{
  /** Each mistake, with its path and its position. */
  readonly issues: ReadonlyArray<PlacedIssue>
  /** The parameters that have no value and no default. Absent where there are none. */
  readonly missing?: ReadonlyArray<string>
}> {
  override get message(): string {
    return this.issues.map((issue) => formatPlaced(issue)).join("\n")
  }
}
