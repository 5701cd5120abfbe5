/** The calls of the protocol, as the agent makes them on one connection. */
import type * as RpcClient from "effect/rpc/RpcClient"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import type { PluginRpcs } from "../../protocol/PluginRpcs.ts"

export type PluginClient = RpcClient.RpcClient<RpcGroup.Rpcs<typeof PluginRpcs>, RpcClientError>
