/** Names of hosts as they stand in headers and addresses. */

/** The host in a `Host` header or in an address, without its port and the brackets of IPv6. */
export const hostOf = (text: string): string =>
  (/^\[([^\]]*)\](:\d+)?$/.exec(text)?.[1] ?? text.replace(/^([^:]*):\d+$/, "$1")).toLowerCase()

/** Whether only this machine can reach a host. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(hostOf(host))
