/**
 * How long the kit waits, in milliseconds. Only `exitMillis` comes from the
 * protocol; the others say when to give up.
 */
export interface ConformanceLimits {
  /** For an answer that needs no provider, and for a Pong. */
  readonly answerMillis: number
  /** For one operation on a resource, with its retries and polls. */
  readonly operationMillis: number
  /** For one check, with all of its operations. */
  readonly checkMillis: number
  /** For all the resources that samples refer to. */
  readonly setUpMillis: number
  /** For all checks together. What is made is deleted after it. */
  readonly runMillis: number
  /** From the end of stdin to the end of the process. If that takes longer, a check warns. */
  readonly exitMillis: number
  /** If the end takes longer than this, a check fails. It leaves room for a busy machine, which is not the plugin's fault. */
  readonly exitGraceMillis: number
}

/** The limits that hold unless `TestPluginOptions.limits` says otherwise. */
export const defaultLimits: ConformanceLimits = {
  answerMillis: 10_000,
  operationMillis: 600_000,
  checkMillis: 900_000,
  setUpMillis: 900_000,
  runMillis: 3_600_000,
  exitMillis: 1_000,
  exitGraceMillis: 3_000,
}
