/** Why a connection by TLS is not made although somebody listens there: a pure decision. */
import type { HttpClientError } from "effect/http/HttpClientError"
import type { UnreachableReason } from "../../agent/commands/AgentUnreachable.ts"
import { isRecord } from "../../protocol/isRecord.ts"

/** What is wrong with a certificate, in words and as data. */
export type CertificateFault = Extract<UnreachableReason, { readonly _tag: "NotTrusted" }>

/** The codes of Node for a certificate that is not believed, and for a server that speaks no TLS. */
const isOfTls = (code: string): boolean => /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^ERR_(SSL|TLS)_|^EPROTO$/.test(code)

/** For which names a certificate is, where Node says it: `DNS:agent.example, IP Address:10.0.0.7`. */
const namesIn = (certificate: unknown): string => {
  const names = isRecord(certificate) ? certificate["subjectaltname"] : undefined
  return typeof names === "string" && names !== "" ? names.replaceAll(/\b(DNS|IP Address):/g, "") : "no name"
}

const faultOf = (code: string, cause: { readonly [key: string]: unknown }): Omit<CertificateFault, "_tag"> => {
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return { fault: "NoTls", message: "the server there does not speak TLS as this side does, or none at all" }
  }
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return { fault: "Expired", message: "its certificate has expired" }
    case "CERT_NOT_YET_VALID":
      return { fault: "NotYetValid", message: "its certificate is not valid yet by the clock of this machine" }
    case "ERR_TLS_CERT_ALTNAME_INVALID": {
      const host = String(cause["host"])
      return { fault: "OtherName", message: `its certificate is not for ${host}, but for ${namesIn(cause["cert"])}` }
    }
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "CERT_SIGNATURE_FAILURE":
    case "CERT_UNTRUSTED":
      return { fault: "UnknownSigner", message: "nobody whom this side trusts has signed its certificate" }
    default:
      return { fault: "Other", message: `its certificate is not believed: ${String(cause["message"])}` }
  }
}

/** What is wrong. Undefined where the connection failed in another way, so that it may be tried again. */
export const certificateFault = ({ reason }: HttpClientError): CertificateFault | undefined => {
  const cause: unknown = reason._tag === "TransportError" ? reason.cause : undefined
  const code = isRecord(cause) ? cause["code"] : undefined
  if (!isRecord(cause) || typeof code !== "string" || !isOfTls(code)) return undefined
  return { _tag: "NotTrusted", ...faultOf(code, cause) }
}
