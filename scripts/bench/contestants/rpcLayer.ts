/** Effect RPC over both halves of src/transport, without the layers of formae above them. */
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stdio from "effect/Stdio"
import { fileURLToPath } from "node:url"
import { layerStdinSpawner } from "../../../src/agent/launch/StdinSpawner.ts"
import { fromHandle } from "../../../src/transport/ChildStdio.ts"
import { makeCallClient } from "../../../src/transport/CallClient.ts"
import { makeClientConnection } from "../../../src/transport/ClientProtocol.ts"
import { BenchRpcs } from "../work/BenchRpcs.ts"
import type { Start } from "./Contestant.ts"
import { startEffectContestant } from "./EffectContestant.ts"
import { rpcCalls } from "./rpcCalls.ts"

const program = fileURLToPath(new URL("../programs/answering/dist/rpcLayer.js", import.meta.url))

const make = Effect.gen(function* () {
  const child = yield* ChildProcess.make(process.execPath, [program], {
    stderr: "inherit",
    extendEnv: true,
    forceKillAfter: 1_000,
  }).pipe(Effect.provide(layerStdinSpawner))
  const connection = yield* makeClientConnection({ onJunk: (line) => Effect.die(`junk: ${line}`) }).pipe(
    Effect.provideService(Stdio.Stdio, fromHandle(child)),
  )
  const client = yield* makeCallClient(BenchRpcs, connection)
  return { pid: child.pid, ...rpcCalls(client) }
})

export const start: Start = () => startEffectContestant(Effect.orDie(make))
