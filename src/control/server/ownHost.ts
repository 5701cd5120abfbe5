/** Which servers a `Host` header may name: pure decisions. */
import type { X509Certificate } from "node:crypto"
import { isIP } from "node:net"
import { hostOf } from "../../platform/hosts.ts"

/** Whether a `Host` header names this machine, as a client of a socket writes it. */
export const isLocalHost = (header: string | undefined): boolean =>
  header !== undefined && ["localhost", "127.0.0.1", "::1"].includes(hostOf(header))

/** Whether a `Host` header names a server that listens at `host`, has these names beside it, or this certificate. */
export const makeIsOwnHost = ({
  certificate,
  host,
  names,
}: {
  readonly host: string
  readonly names: ReadonlyArray<string>
  readonly certificate: X509Certificate | undefined
}): ((header: string | undefined) => boolean) => {
  const own = new Set([host, ...names].map(hostOf))
  return (header) => {
    if (header === undefined) return false
    const given = hostOf(header)
    if (isLocalHost(header) || own.has(given)) return true
    return (isIP(given) === 0 ? certificate?.checkHost(given) : certificate?.checkIP(given)) !== undefined
  }
}
