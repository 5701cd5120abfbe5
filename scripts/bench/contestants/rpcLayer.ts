/** Effect RPC over both halves of src/transport, and nothing of ours above it. */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as RpcClient from "effect/rpc/RpcClient"
import * as Stdio from "effect/Stdio"
import { fileURLToPath } from "node:url"
import { fromHandle } from "../../../src/transport/ChildStdio.ts"
import { makeClientConnection } from "../../../src/transport/ClientProtocol.ts"
import type { Start } from "./Contestant.ts"
import { startEffect } from "./EffectContestant.ts"
import { BenchRpcs } from "../work/BenchRpcs.ts"
import { callsOf } from "./rpcCalls.ts"

const program = fileURLToPath(new URL("../programs/answering/dist/rpcLayer.js", import.meta.url))

const make = Effect.gen(function* () {
  const child = yield* ChildProcess.make(process.execPath, [program], {
    stderr: "inherit",
    extendEnv: true,
    forceKillAfter: 1_000,
  })
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.die(`junk: ${line}`) }).pipe(
    Effect.provideService(Stdio.Stdio, fromHandle(child)),
  )
  const client = yield* RpcClient.make(BenchRpcs, { disableTracing: true }).pipe(
    Effect.provideService(RpcClient.Protocol, connection.protocol),
  )
  return { pid: child.pid, ...callsOf(client) }
})

export const start: Start = () => startEffect(Effect.orDie(make))
