/** Why a connection by TLS is not made although somebody listens there: a pure decision. */
import type { HttpClientError } from "effect/http/HttpClientError"
import { isRecord } from "../../protocol/isRecord.ts"

/** The codes of Node for a certificate that is not believed, and for a server that speaks no TLS. */
const isOfTls = (code: unknown): boolean =>
  typeof code === "string" && /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|^ERR_(SSL|TLS)_|^EPROTO$/.test(code)

/** What is wrong, in words. Undefined where the connection failed in another way, so that it may be tried again. */
export const certificateFault = ({ reason }: HttpClientError): string | undefined => {
  const cause: unknown = reason._tag === "TransportError" ? reason.cause : undefined
  if (!isRecord(cause) || !isOfTls(cause["code"])) return undefined
  return cause["code"] === "EPROTO" || String(cause["code"]).startsWith("ERR_SSL_")
    ? "the server there does not speak TLS as this side does, or none at all"
    : String(cause["message"])
}
