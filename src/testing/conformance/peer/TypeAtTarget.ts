import type { ResourceType } from "../../../protocol/Identity.ts"
import type { TargetConfig, TypeCapabilities } from "../../../protocol/Resource.ts"

/** A resource type, and where its resources are made. */
export interface TypeAtTarget {
  readonly type: ResourceType
  readonly capabilities: TypeCapabilities
  readonly target: TargetConfig
}
