import type { Properties } from "../../protocol/Resource.ts"
import type { Change, ExistingResource, WantedResource } from "../plan/Change.ts"
import type { CommandRef } from "./CommandRef.ts"

/** A change of a resource that exists and is wanted. */
export interface UpdateRequest {
  readonly command: CommandRef
  readonly change: Change
  readonly wanted: WantedResource
  readonly existing: ExistingResource
  /** What is wanted, with references resolved. */
  readonly desired: Properties
}
