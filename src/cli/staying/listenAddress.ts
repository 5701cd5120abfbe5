/** The address at which an agent listens beside its socket: who may call there, and how it is known. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { badInput } from "../CommandFailure.ts"
import { readInput } from "../InputFile.ts"
import type { ListenFlags } from "./listenFlags.ts"
import { findTokenIn, listTokens, tokensFolder } from "./tokenFiles.ts"

/** The host and the port in `HOST:PORT`. An IPv6 address is in brackets. Undefined where it is not that. */
export const parseAddress = (text: string): { readonly host: string; readonly port: number } | undefined => {
  const [, six, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\s]+)):(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  const host = six ?? name
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

/** An address as callers write it. */
export const addressText = ({
  host,
  port,
  tls,
}: {
  readonly host?: string | undefined
  readonly port: number
  readonly tls?: object | undefined
}): string => `${tls === undefined ? "http" : "https"}://${host?.includes(":") ? `[${host}]` : host}:${port}`

/** The certificate and its key. Undefined where there are none. */
export const readTls = Effect.fnUntraced(function* ({ tlsCert, tlsKey }: Pick<ListenFlags, "tlsCert" | "tlsKey">) {
  if (Option.isNone(tlsCert) || Option.isNone(tlsKey)) return undefined
  return { cert: yield* readInput("certificate", tlsCert.value), key: yield* readInput("key", tlsKey.value) }
})

/** Where to listen. Undefined where that was not asked for. Fails where nobody could call, or somebody could listen in. */
export const listenAddress = Effect.fnUntraced(function* ({ listen, tlsCert, tlsKey }: ListenFlags, stateFile: string) {
  const refuse = (message: string) => badInput("ListenRefused", message)
  if (Option.isSome(tlsCert) !== Option.isSome(tlsKey)) {
    return yield* refuse("--tls-cert and --tls-key are given together: a certificate is of no use without its key")
  }
  if (Option.isNone(listen)) {
    return Option.isSome(tlsCert) ? yield* refuse("--tls-cert and --tls-key are for --listen HOST:PORT") : undefined
  }
  const address = parseAddress(listen.value)
  if (address === undefined) {
    return yield* refuse(
      `--listen ${listen.value}: Expected HOST:PORT, such as 127.0.0.1:7777, 0.0.0.0:7777 or [::1]:7777`,
    )
  }
  const tls = yield* readTls({ tlsCert, tlsKey })
  const folder = yield* tokensFolder(stateFile)
  const callers = (yield* listTokens(folder)).flatMap(({ name }) => name ?? [])
  if (callers.length === 0) {
    return yield* refuse(
      'There is no token for the state, so nobody could call at --listen. Make one first: "formae agent token add NAME"',
    )
  }
  /** `callers` are those who have a token now. */
  return { ...address, tls, tokens: findTokenIn(folder), callers }
})
