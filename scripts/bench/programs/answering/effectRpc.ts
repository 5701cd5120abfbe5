/** Answers with Effect RPC on stdio, as Effect ships it. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeStdio from "@effect/platform-node/NodeStdio"
import * as Layer from "effect/Layer"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import { BenchRpcs, layerHandlers } from "../../work/BenchRpcs.ts"

RpcServer.layer(BenchRpcs).pipe(
  Layer.provide(layerHandlers),
  Layer.provide(RpcServer.layerProtocolStdio),
  Layer.provide([RpcSerialization.layerNdjson, NodeStdio.layer]),
  Layer.launch,
  NodeRuntime.runMain({ disableErrorReporting: true }),
)
