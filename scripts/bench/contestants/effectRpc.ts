/** Effect RPC on stdio as Effect ships it. Effect has no client for a child process, so this is the simplest one. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Queue from "effect/Queue"
import * as RpcClient from "effect/rpc/RpcClient"
import type { FromServerEncoded } from "effect/rpc/RpcMessage"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"
import { BenchRpcs } from "../work/BenchRpcs.ts"
import type { Start } from "./Contestant.ts"
import { startEffectContestant } from "./EffectContestant.ts"
import { rpcCalls } from "./rpcCalls.ts"

const program = fileURLToPath(new URL("../programs/answering/dist/effectRpc.js", import.meta.url))
const encoder = new TextEncoder()

const make = Effect.gen(function* () {
  const child = yield* ChildProcess.make(process.execPath, [program], {
    stderr: "inherit",
    extendEnv: true,
    forceKillAfter: 1_000,
  })
  const protocol = yield* RpcClient.Protocol.make(
    Effect.fnUntraced(function* (writeResponse, clientIds) {
      const serialization = RpcSerialization.ndjson
      const parser = serialization.makeUnsafe()
      const queue = yield* Queue.unbounded<Uint8Array, Cause.Done>()
      yield* Effect.forkScoped(
        Stream.runForEach(child.stdout, (chunk) =>
          Effect.forEach(
            parser.decode(chunk) as ReadonlyArray<FromServerEncoded>,
            (message) => Effect.forEach(clientIds, (id) => writeResponse(id, message), { discard: true }),
            { discard: true },
          ),
        ),
      )
      yield* Effect.forkScoped(Stream.run(Stream.fromQueue(queue), child.stdin))
      return {
        send: (_clientId: number, message: unknown) =>
          Queue.offer(queue, encoder.encode(String(parser.encode(message)))),
        supportsAck: true,
        supportsTransferables: false,
        codecFor: serialization.codecFor,
      }
    }),
  )
  const client = yield* RpcClient.make(BenchRpcs).pipe(Effect.provideService(RpcClient.Protocol, protocol))
  return { pid: child.pid, ...rpcCalls(client) }
})

export const start: Start = () => startEffectContestant(Effect.orDie(make))
