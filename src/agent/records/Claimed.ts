/** What a command claims, how, and what it has then. */
import type * as Effect from "effect/Effect"
import type { ClaimSet } from "./ClaimQueue.ts"
import type { StateError } from "./StateError.ts"

/** What a command does while another command of the same agent has what it claims: it waits for its end, or fails with `StateInUse`. */
export type WhenInUse = "wait" | "refuse"

/** The command that claims something, as those that wait for it name it. */
export interface Claimant {
  /** Identifies the command. */
  readonly commandId: string
  /** What it was asked to do. */
  readonly command: string
  /** The name of its forma. Empty in a command on all of them. */
  readonly forma: string
}

/** A command that waits for its turn. */
export interface WaitingClaimant extends Claimant {
  /** In milliseconds since 1970. */
  readonly since: number
}

/** Runs a wait for another command. Undefined where it is not known which command that is. */
export type AroundWait = <A, E>(waitsFor: Claimant | undefined, wait: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** How a command claims. */
export interface ClaimOptions {
  /** Who claims. */
  readonly claimant?: Claimant | undefined
  /** Runs each wait for another command, so that somebody can be told. */
  readonly aroundWait?: AroundWait | undefined
  /** `wait` by default. */
  readonly whenInUse?: WhenInUse | undefined
  /** Ends a wait when it completes, as if the command did not want to wait. */
  readonly stopWhen?: Effect.Effect<unknown> | undefined
}

/** What a command plans to change: resources that exist, and names that it will create. */
export type ClaimedResources = Pick<ClaimSet, "identities" | "names">

/** The claims of one command. */
export interface Claimed {
  /**
   * Claims resources, in the place of those that were claimed before if they
   * are not among them. Returns whether one of them may have been changed by
   * another command since this one began, or since the last call: then what was
   * planned is outdated. `stopWhen` ends a wait as that of the claim does.
   */
  readonly cover: (resources: ClaimedResources, stopWhen?: Effect.Effect<unknown>) => Effect.Effect<boolean, StateError>
}
