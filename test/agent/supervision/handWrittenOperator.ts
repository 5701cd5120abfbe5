import * as Effect from "effect/Effect"
import type { RequestEncoded } from "effect/rpc/RpcMessage"
import { handshakeOf, handWritten } from "./handWritten.ts"
import { makeSupervised } from "./supervised.ts"

/** The operator of a plugin that is written by hand, and answers everything after its handshake like this. */
export const handWrittenOperator = (answer: (request: RequestEncoded) => ReadonlyArray<string>) =>
  makeSupervised({
    programOf: () =>
      handWritten((request, process) =>
        request.tag === "Handshake" ? [handshakeOf(request, process)] : answer(request),
      ),
  }).pipe(Effect.flatMap((supervised) => supervised.operator()))

export const failure = ({ id }: RequestEncoded, ...cause: ReadonlyArray<unknown>) =>
  JSON.stringify({ _tag: "Exit", requestId: id, exit: { _tag: "Failure", cause } })
