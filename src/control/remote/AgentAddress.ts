/** Where an agent in another process is, and how long it is waited for. */
import type * as Redacted from "effect/Redacted"

/** Where an agent is: at a socket of this user, or at an address. */
export type AgentAddress =
  | {
      /** The path of its unix socket. */
      readonly socket: string
    }
  | {
      /** Such as `https://agent.example:7777`. */
      readonly url: string
      /** One of the tokens that the agent knows. */
      readonly token: Redacted.Redacted
      /** The certificates that the agent's own must be signed by, in PEM; a certificate that signs itself is one. Left out for those that Node knows. */
      readonly ca?: string | undefined
    }

/** How long an agent is waited for. */
export interface ConnectionOptions {
  /** One that has answered before, in milliseconds. 60,000 by default: an agent that is restarted is back by then. */
  readonly waitMillis?: number | undefined
  /** How long the first answer may take, in milliseconds. 5,000 by default. */
  readonly firstMillis?: number | undefined
}
