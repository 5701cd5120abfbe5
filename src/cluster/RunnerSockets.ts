/** The sockets between runners: on one machine in clear, and between machines by TLS with certificates on both sides. */
import * as NodeSocket from "@effect/platform-node-shared/NodeSocket"
import * as NodeSocketServer from "@effect/platform-node-shared/NodeSocketServer"
import type { RunnerAddress } from "effect/cluster/RunnerAddress"
import { RpcClientProtocol } from "effect/cluster/Runners"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import { Socket } from "effect/socket/Socket"
import { SocketServer, type SocketServerError } from "effect/socket/SocketServer"
import { isLoopback } from "../platform/hosts.ts"
import { listenFault } from "../platform/listenFault.ts"
import { withClosingWrites } from "./closingWrites.ts"

/** The certificates of a runner, in PEM. */
export interface RunnerTls {
  /** Its own, which others check. */
  readonly cert: string
  readonly key: string
  /** By whom the certificates of all runners are signed. */
  readonly ca: string
}

/** How long a connection may take to be made. */
const openMillis = 1_000

/** How long a connection may be silent: the engine asks each few seconds whether the other side is there. */
const silentMillis = 5_500

/** Why runners may not reach each other so. Undefined where they may. */
export const objectionToSockets = (host: string, tls: RunnerTls | undefined): string | undefined =>
  tls !== undefined || isLoopback(host)
    ? undefined
    : `other machines can reach ${host}, and without certificates anybody there could speak as a runner`

/** Listens for other runners. With certificates, only for those that show one that the same authority has signed. */
export const layerListening = (address: { readonly host: string; readonly port: number }, tls?: RunnerTls) =>
  Layer.effect(
    SocketServer,
    Effect.map(SocketServer, (server) =>
      SocketServer.of({ ...server, run: (handler) => server.run((socket) => handler(withClosingWrites(socket))) }),
    ),
  ).pipe(Layer.provide(layerServer(address, tls)))

const layerServer = ({ host, port }: { readonly host: string; readonly port: number }, tls?: RunnerTls) =>
  tls === undefined
    ? NodeSocketServer.layer({ host, port })
    : NodeSocketServer.layerTls({
        host,
        port,
        ...tls,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: "TLSv1.3",
      })

/** Why nobody can listen there. */
export const whyNotListening = ({ message, reason: { cause } }: SocketServerError): string =>
  cause instanceof Error ? listenFault(cause) : message

/** Connects to other runners. */
export const layerConnecting = (
  tls?: RunnerTls,
): Layer.Layer<RpcClientProtocol, never, RpcSerialization.RpcSerialization> =>
  Layer.effect(
    RpcClientProtocol,
    Effect.map(RpcSerialization.RpcSerialization, (serialization) =>
      RpcClientProtocol.of({
        codecFor: serialization.codecFor,
        make: Effect.fnUntraced(function* ({ host, port }: RunnerAddress) {
          const options = { host, port, openTimeout: openMillis, timeout: silentMillis }
          const socket = yield* tls === undefined
            ? NodeSocket.makeNet(options)
            : NodeSocket.makeTls({ ...options, ...tls, rejectUnauthorized: true, minVersion: "TLSv1.3" })
          return yield* RpcClient.makeProtocolSocket().pipe(
            Effect.provideService(Socket, socket),
            Effect.provideService(RpcSerialization.RpcSerialization, serialization),
          )
        }, Effect.orDie),
      }),
    ),
  )
