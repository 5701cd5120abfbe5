/** The server of the API at an address: to callers with a token, and by TLS where others can reach it. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { X509Certificate } from "node:crypto"
import { isLoopback } from "../../platform/hosts.ts"
import { type ControlServices, makeHandler } from "./ControlServer.ts"
import type { HttpRefusal } from "./HttpRefusal.ts"
import { listen, type ListenBounds, ServeFailed, type TlsPair } from "./HttpListener.ts"
import { makeIsOwnHost } from "./ownHost.ts"
import { type FindToken, minTokenCharacters, type NamedToken, nameFinder } from "./tokens.ts"

/** How to listen at an address. */
export interface ServeTcpOptions {
  /** The address or the name to listen at. One that others can reach needs `tls`. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Who may call. Each has a name, which is said of the commands that it has asked for. */
  readonly tokens: ReadonlyArray<NamedToken> | FindToken
  /** The certificate and its key, in PEM. */
  readonly tls?: TlsPair | undefined
  /** The names by which callers may name this server in `Host`, beside `host`, those of this machine and those of the certificate. */
  readonly names?: ReadonlyArray<string> | undefined
  readonly bounds?: ListenBounds | undefined
}

/** What listens at an address. */
export interface ServedTcp {
  readonly port: number
  /**
   * Shows new connections this certificate. Those that are open stay. Fails with
   * `ServeFailed` where it cannot be used, or is over, and then nothing has changed.
   */
  readonly renew: (tls: TlsPair) => Effect.Effect<Renewed, ServeFailed>
}

/** The certificates before and after. They are the same where nothing has changed. */
export interface Renewed {
  readonly from: X509Certificate
  readonly to: X509Certificate
}

/**
 * Serves the API at an address until the scope closes, to clients that have one of the tokens. Values of
 * secrets are not given there. Fails with `ServeFailed` where nobody can listen
 * there, and where it would not be safe: without a token, with one that can be
 * guessed, or without `tls` at an address that others can reach.
 */
export const listenTcp = Effect.fnUntraced(function* ({
  bounds,
  host,
  names = [],
  port,
  tls,
  tokens,
}: ServeTcpOptions): Effect.fn.Return<ServedTcp, ServeFailed, ControlServices | Scope.Scope> {
  const refuse = (reason: string) => new ServeFailed({ at: `${host}:${port}`, reason })
  const objection = objectionTo({ host, tls, tokens })
  if (objection !== undefined) return yield* refuse(objection)
  const read = ({ cert }: TlsPair) =>
    Effect.try({
      try: () => new X509Certificate(cert),
      catch: (error) => refuse(`its certificate cannot be read: ${String(error)}`),
    })
  let certificate = tls && (yield* read(tls))
  const handlers = yield* makeHandler
  const findName = nameFinder(tokens)
  const served = yield* listen(
    { host, port, tls },
    {
      handlerOf: (authorization) => {
        const name = findName(authorization)
        return name === undefined ? noToken : handlers({ name, isOwner: false })
      },
      isOwnHost: (header) => makeIsOwnHost({ host, names, certificate })(header),
    },
    bounds,
  )
  const renew = Effect.fnUntraced(function* (next: TlsPair) {
    const to = yield* read(next)
    const from = certificate
    if (from === undefined) return yield* refuse("it listens without TLS, so it can be given no certificate")
    const until = Date.parse(to.validTo)
    if (until <= (yield* Clock.currentTimeMillis)) return yield* refuse(`its certificate is over since ${to.validTo}`)
    yield* Effect.try({
      try: () => served.useTls(next),
      catch: (error) => refuse(`its certificate cannot be used: ${String(error)}`),
    })
    certificate = to
    return { from, to }
  })
  return { port: served.port ?? port, renew }
})

/** Why it would not be safe to listen there. Undefined where it is. */
const objectionTo = ({ host, tls, tokens }: Pick<ServeTcpOptions, "host" | "tls" | "tokens">): string | undefined => {
  if (typeof tokens !== "function") {
    if (tokens.length === 0) return "there is no token, so nobody could call. Give at least one named token"
    const weak = tokens.find(({ token }) => Redacted.value(token).length < minTokenCharacters)
    if (weak !== undefined) {
      return `the token of ${weak.name} has less than ${minTokenCharacters} characters, so that it could be guessed. Use a longer one`
    }
  }
  if (tls !== undefined || isLoopback(host)) return undefined
  return "others can reach this address, and without TLS they could read tokens and documents on the way. Listen at 127.0.0.1, or give a certificate and its key"
}

const noToken: HttpRefusal = {
  status: 401,
  code: "Unauthorized",
  message: "The request has no token that this agent knows. Send one as: Authorization: Bearer TOKEN",
}
