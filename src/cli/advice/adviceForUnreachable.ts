/** What can be done about an agent that cannot be reached. */
import type { UnreachableReason } from "../../agent/index.ts"

/** A sentence, or an empty text. */
export const adviceForUnreachable = (reason: UnreachableReason): string => {
  if (reason._tag === "NoAnswer") {
    return '"formae agent status" says which process it is, and "formae agent stop" asks it to stop'
  }
  return reason._tag === "NotTrusted" ? forFault[reason.fault] : ""
}

type Fault = Extract<UnreachableReason, { readonly _tag: "NotTrusted" }>["fault"]

const forFault: Readonly<Record<Fault, string>> = {
  UnknownSigner:
    "Set FORMAE_AGENT_CA to a file with the certificate that has signed it, or with itself where nobody else has, in PEM",
  Expired: "Put a new one in its place where the agent runs, and send the agent a SIGHUP",
  NotYetValid: "Compare the clocks of the two machines",
  OtherName: "Name the agent in FORMAE_AGENT by one of these, or give it a certificate for that name",
  NoTls: "Does FORMAE_AGENT lead to another server, or to an agent without --tls-cert?",
  Other: "",
}
