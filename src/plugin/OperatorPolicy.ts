/** How the operations of a plugin run: the settings of the agent, with what a host that links the plugin in says instead. */
import type { OperatorSettings } from "../protocol/Settings.ts"
import { endingUnseen, obeyingRetryAfter, operatorSchedules, type OperatorSchedules } from "./OperatorSchedules.ts"
import type { CallLimit } from "./ProviderCall.ts"
import type { RequestLimits } from "./RequestLimits.ts"

/** When the calls of an operation are made again, and how long each may take, in milliseconds. */
export interface OperatorPolicy extends OperatorSchedules, CallLimit {
  /** As `retry`, for an operation that is sent again. `retry` is for questions about accepted work, and for lists. */
  readonly resend: OperatorSchedules["retry"]
}

/** The schedules that a host gives instead of those of the settings. */
interface HostSchedules {
  readonly retry?: OperatorSchedules["retry"] | undefined
  readonly poll?: OperatorSchedules["poll"] | undefined
}

/** The policy of the plugin with this name. */
export const operatorPolicy = (
  plugin: string,
  requests: RequestLimits,
  host: HostSchedules,
  settings: OperatorSettings,
): OperatorPolicy => {
  const { poll, retry } = operatorSchedules(settings)
  return {
    plugin,
    requests,
    retry: obeyingRetryAfter(host.retry ?? retry),
    resend: obeyingRetryAfter(host.retry ?? endingUnseen(retry)),
    poll: host.poll ?? poll,
    callTimeoutMillis: settings.callTimeoutMillis,
  }
}
