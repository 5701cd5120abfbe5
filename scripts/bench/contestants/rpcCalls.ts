/** The calls of a contestant that speaks `BenchRpcs`. */
import * as Effect from "effect/Effect"
import type * as RpcClient from "effect/rpc/RpcClient"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import type { BenchRpcs } from "../work/BenchRpcs.ts"
import { largeProperties } from "../work/LargeProperties.ts"
import { nextRequest } from "../work/Read.ts"
import type { EffectContestant } from "./EffectContestant.ts"

/** The schemas check the shape of an answer. Here it is checked that it is the answer to this request. */
export const rpcCalls = (
  client: RpcClient.RpcClient<RpcGroup.Rpcs<typeof BenchRpcs>, RpcClientError>,
): Required<Pick<EffectContestant, "create" | "read">> => ({
  read: Effect.suspend(() => {
    const request = nextRequest()
    return Effect.flatMap(client.Read(request), ({ nativeId }) =>
      nativeId === request.nativeId ? Effect.void : Effect.die(`the answer to another request: ${nativeId}`),
    )
  }).pipe(Effect.orDie),
  create: Effect.suspend(() =>
    Effect.flatMap(client.Create(largeProperties()), ({ entries }) =>
      entries.length === largeProperties().entries.length ? Effect.void : Effect.die("not all entries"),
    ),
  ).pipe(Effect.orDie),
})
