/** The subject of one call to the cloud. */
import type { NativeId, OperationId, ResourceType } from "formae/protocol"
import type { CallKind, Target } from "./Target.ts"

export interface Call {
  readonly operation: CallKind
  readonly operationId: OperationId
  readonly resourceType: ResourceType
  readonly target: Target
  readonly nativeId?: NativeId
  readonly label?: string | undefined
}
