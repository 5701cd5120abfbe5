/** Answers with Effect RPC over the server half of src/transport, without the layers of formae above it. */
import { makeSealedStdio } from "../../../../src/transport/SealedStdout.ts"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import { serveCalls } from "../../../../src/transport/CallServer.ts"
import { makeServerConnection } from "../../../../src/transport/ServerProtocol.ts"
import { BenchRpcs, layerHandlers } from "../../work/BenchRpcs.ts"

const serve = Effect.gen(function* () {
  const connection = yield* makeServerConnection
  const server = serveCalls(BenchRpcs, connection).pipe(Effect.provide(layerHandlers))
  yield* Effect.raceFirst(server, connection.inputEnded)
})

serve.pipe(Effect.scoped, Effect.provideService(Stdio.Stdio, makeSealedStdio()), NodeRuntime.runMain)
