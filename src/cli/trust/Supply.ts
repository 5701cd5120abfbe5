/** What a folder supplies. */
import type * as Effect from "effect/Effect"
import type { Remembered, Standing, Sums, SupplyKind } from "./Remembered.ts"
import type { NotOwned, NotSummed } from "./TrustError.ts"

/** One thing that a folder supplies. */
export interface Supply {
  readonly kind: SupplyKind
  /** Its real path. */
  readonly path: string
  /** What it is, in words that begin with an article. */
  readonly title: string
  /** Each file and folder on the way to it that has to belong to this user. */
  readonly owned: ReadonlyArray<string>
  /** Fails where a file belongs to another user, or where it has too many files. */
  readonly sums: Effect.Effect<Sums, NotOwned | NotSummed>
  /** What would run, or be used, a line each. Looked up only where somebody is asked. */
  readonly details: Effect.Effect<ReadonlyArray<string>>
}

/** What a folder supplies, of which something is about to be used. */
export interface Supplied {
  /** The real path of the folder. */
  readonly folder: string
  readonly supplies: ReadonlyArray<Supply>
}

/** A supply with its sums, and how it stands to what is remembered. */
export interface Examined {
  readonly supply: Supply
  readonly found: Remembered
  readonly standing: Standing
}
