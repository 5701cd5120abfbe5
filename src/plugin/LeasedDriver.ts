/** One operation that is driven as long as its lease holds. */
import type * as Effect from "effect/Effect"
import type { LeaseEnded } from "../protocol/OperatorError.ts"
import type { Progress } from "../protocol/Progress.ts"
import type { OperatorDriver } from "./OperatorDriver.ts"
import { type HeldLease, whileHeld } from "./PluginLease.ts"

export interface LeasedDriver extends Omit<OperatorDriver, "next"> {
  /** As of the driver. Once the lease is over it fails, whatever the operation was doing. */
  readonly next: Effect.Effect<Progress, LeaseEnded>
  /** Whether nothing more can come of it. */
  readonly isOver: () => boolean
}

/** The driver itself where the agent has no lease. */
export const leasedDriver = (driver: OperatorDriver, lease: HeldLease | undefined): LeasedDriver =>
  lease === undefined
    ? { ...driver, isOver: () => false }
    : { ...driver, next: whileHeld(lease, driver.next), isOver: lease.isOver }
