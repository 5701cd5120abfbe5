/** Why what a folder supplies is not used. */
import * as Data from "effect/Data"
import type { Standing, SupplyKind } from "./Remembered.ts"

/** Nobody has said yes to what the folder supplies. */
export class FolderNotTrusted extends Data.TaggedError("FolderNotTrusted")<{
  /** Its real path. */
  readonly folder: string
  readonly supplies: ReadonlyArray<{ readonly kind: SupplyKind; readonly path: string; readonly standing: Standing }>
  /** What it supplies, in lines for people. */
  readonly lines: ReadonlyArray<string>
  /** Whether somebody was asked, and said no. */
  readonly isDeclined: boolean
}> {}

/** It belongs to another user, and is not used even where the folder is trusted. */
export class NotOwned extends Data.TaggedError("NotOwned")<{
  readonly path: string
  readonly uid: number
}> {}

/** Whether it has changed cannot be told. */
export class NotSummed extends Data.TaggedError("NotSummed")<{
  readonly path: string
  readonly reason: string
}> {}

/** What was trusted cannot be read, or not be recorded. */
export class TrustUnusable extends Data.TaggedError("TrustUnusable")<{
  readonly reason: string
  /** What can be done about it, as a sentence. */
  readonly remedy: string
}> {}

export type TrustError = FolderNotTrusted | NotOwned | NotSummed | TrustUnusable
