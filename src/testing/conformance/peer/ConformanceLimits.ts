/** How long the kit waits for what. Only `exitMillis` is the protocol's own; the others say when to give up. */
export interface ConformanceLimits {
  /** For an answer that needs no provider. */
  readonly answerMillis: number
  /** For one operation on a resource, its retries and polls included. */
  readonly operationMillis: number
  /** From the end of stdin to the end of the process: past it a check warns. */
  readonly exitMillis: number
  /** Past it a check fails: a machine that is busy is no fault of the plugin's. */
  readonly exitGraceMillis: number
}

export const defaultLimits: ConformanceLimits = {
  answerMillis: 10_000,
  operationMillis: 600_000,
  exitMillis: 1_000,
  exitGraceMillis: 3_000,
}
