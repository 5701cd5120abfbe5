/** What a runner is called, after its address. */
import { NodeName } from "../protocol/Identity.ts"

/** The name of a runner in the state. No two have the same address. */
export const runnerName = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`

/** The node of a runner, such as `agent-7301@db.here`. What a node name may not have is a hyphen in it: the colons of an IPv6 address. */
export const runnerNode = ({ host, port }: { readonly host: string; readonly port: number }): NodeName =>
  NodeName.make(`agent-${port}@${host.replaceAll(/[^A-Za-z0-9._-]/g, "-")}`)
