/** The calls of a client of the bench's rpcs, with what a schema can not check. */
import * as Effect from "effect/Effect"
import type * as RpcClient from "effect/rpc/RpcClient"
import type { RpcClientError } from "effect/rpc/RpcClientError"
import type * as RpcGroup from "effect/rpc/RpcGroup"
import type { EffectContestant } from "./EffectContestant.ts"
import type { BenchRpcs } from "../work/BenchRpcs.ts"
import { largeProperties } from "../work/LargeProperties.ts"
import { nextRequest } from "../work/Read.ts"

export const callsOf = (
  client: RpcClient.RpcClient<RpcGroup.Rpcs<typeof BenchRpcs>, RpcClientError>,
): Pick<EffectContestant, "create" | "read"> => ({
  read: Effect.suspend(() => {
    const request = nextRequest()
    return Effect.flatMap(client.Read(request), ({ nativeId }) =>
      nativeId === request.nativeId ? Effect.void : Effect.die(`the answer of another: ${nativeId}`),
    )
  }).pipe(Effect.orDie),
  create: Effect.suspend(() =>
    Effect.flatMap(client.Create(largeProperties()), ({ entries }) =>
      entries.length === largeProperties().entries.length ? Effect.void : Effect.die("not all entries"),
    ),
  ).pipe(Effect.orDie),
})
