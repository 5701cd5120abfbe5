/** Calls that any plugin can be asked, by the samples that there are. */
import type { Properties } from "../../protocol/Resource.ts"

export interface SomeCalls {
  /** The payload of a Read of something that is not there. */
  readonly read: (operationId: string) => Properties
  /** The payload of a Create that lasts, if there is one. */
  readonly slow: ((operationId: string) => Properties) | undefined
}
