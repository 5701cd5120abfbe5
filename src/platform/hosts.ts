/** Names of hosts and addresses as they stand in headers, flags and settings. */

/** The host in a `Host` header or in an address, without its port and the brackets of IPv6. */
export const hostOf = (text: string): string =>
  (/^\[([^\]]*)\](:\d+)?$/.exec(text)?.[1] ?? text.replace(/^([^:]*):\d+$/, "$1")).toLowerCase()

/** Whether only this machine can reach a host. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(hostOf(host))

/** The host and the port in `HOST:PORT`. An IPv6 address is in brackets. Undefined where it is not that. */
export const parseAddress = (text: string): { readonly host: string; readonly port: number } | undefined => {
  const [, six, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  const host = six ?? name
  return host === undefined || port > 65_535 ? undefined : { host, port }
}
