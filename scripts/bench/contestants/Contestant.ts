/** One way to call another process, ready for calls. */
export interface Contestant {
  /** The process that answers. */
  readonly pid: number
  /** Makes so many small calls, each after the answer to the one before. */
  readonly oneAfterAnother: (calls: number) => Promise<void>
  /** Makes so many small calls, `atOnce` of them in flight. */
  readonly inFlight: (calls: number, atOnce: number) => Promise<void>
  /** Makes so many large calls, one after another. */
  readonly large?: ((calls: number) => Promise<void>) | undefined
  /** Kills the process that answers, and calls until there is an answer again. */
  readonly killAndAsk?: (() => Promise<void>) | undefined
  readonly close: () => Promise<void>
}

/** Starts the process. Completes with its first answer. */
export type Start = () => Promise<Contestant>
