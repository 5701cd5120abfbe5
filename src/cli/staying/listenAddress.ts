/** The address at which an agent listens beside its socket: who may call there, and how it is known. */
import * as Effect from "effect/Effect"
import { isLoopback, parseAddress } from "../../platform/hosts.ts"
import { badInput } from "../CommandFailure.ts"
import type { ListenSettings } from "./listenSettings.ts"
import { readTls } from "./tlsFiles.ts"
import { findTokenIn, listTokens, tokensFolder } from "./tokenFiles.ts"

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

/** Where to listen. Undefined where that was not asked for. Fails where nobody could call, or somebody could listen in. */
export const listenAddress = Effect.fnUntraced(function* (given: ListenSettings, stateFile: string) {
  const refuse = (message: string) => badInput("ListenRefused", message)
  const { address, certificate, key } = given
  const some = certificate ?? key
  if (some !== undefined && (certificate === undefined || key === undefined)) {
    return yield* refuse(
      `${some.place}: A certificate and its key are given together, with --tls-cert and --tls-key or as agent.listen.certificate and agent.listen.key`,
    )
  }
  if (address === undefined) {
    if (some === undefined) return undefined
    return yield* refuse(
      `${some.place}: There is no address to listen at. Give one with --listen HOST:PORT or as agent.listen.address`,
    )
  }
  const { place, value } = address
  const parsed = parseAddress(value)
  if (parsed === undefined) {
    return yield* refuse(`${place} ${value}: Expected HOST:PORT, such as 127.0.0.1:7777, 0.0.0.0:7777 or [::1]:7777`)
  }
  const tls = yield* readTls(given)
  if (tls === undefined && !isLoopback(parsed.host)) {
    return yield* refuse(
      `${place}: Others can reach ${value}, and without TLS they could read tokens and documents on the way. Give a certificate and its key, with --tls-cert and --tls-key or as agent.listen.certificate and agent.listen.key, or listen at 127.0.0.1`,
    )
  }
  const folder = yield* tokensFolder(stateFile)
  const callers = (yield* listTokens(folder)).flatMap(({ name }) => name ?? [])
  if (callers.length === 0) {
    return yield* refuse(
      `${place}: There is no token for the state, so nobody could call at ${value}. Make one first: "formae agent token add NAME"`,
    )
  }
  /** `callers` are those who have a token now. */
  return { ...parsed, tls, tokens: findTokenIn(folder), callers }
})
