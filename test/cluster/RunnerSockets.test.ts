/** Who may speak as a runner: whoever shows a certificate of the authority of the cluster, and nobody else. */
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import { RpcClientProtocol } from "effect/cluster/Runners"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import { SocketServer } from "effect/socket/SocketServer"
import { connect as connectInClear, type Socket } from "node:net"
import { connect, type ConnectionOptions } from "node:tls"
import { layerConnecting, layerListening, type RunnerTls, whyNotListening } from "../../src/cluster/RunnerSockets.ts"
import { makeAuthority, selfSigned } from "../control/selfSigned.ts"

const Asked = Rpc.make("Asked", { payload: { by: Schema.String }, success: Schema.String })
const group = RpcGroup.make(Asked)

const host = "127.0.0.1"
const [ours, theirs] = [makeAuthority(), makeAuthority()]
const own = { ...ours.certify(host), ca: ours.cert }

/** What a runner listens with, and who has asked it something. */
const listening = Effect.fnUntraced(function* (tls?: RunnerTls) {
  const asked: Array<string> = []
  const handlers = group.toLayer({
    Asked: ({ by }) =>
      Effect.sync(() => {
        asked.push(by)
        return "an answer"
      }),
  })
  const served = RpcServer.layer(group).pipe(
    Layer.provide([handlers, RpcServer.layerProtocolSocketServer]),
    Layer.provideMerge(layerListening({ host, port: 0 }, tls)),
    Layer.provide(RpcSerialization.layerNdjson),
  )
  const { address } = Context.get(yield* Layer.build(served), SocketServer)
  assert(address._tag !== "UnixPathAddress")
  return { asked, port: address.port }
})

/** Asks a runner, as another runner does. */
const ask = Effect.fnUntraced(function* (port: number, by: string, tls?: RunnerTls) {
  const { make } = yield* RpcClientProtocol.pipe(
    Effect.provide(layerConnecting(tls).pipe(Layer.provide(RpcSerialization.layerNdjson))),
  )
  const protocol = yield* make(RunnerAddress.make(host, port))
  const client = yield* RpcClient.make(group).pipe(Effect.provideService(RpcClient.Protocol, protocol))
  return yield* client.Asked({ by })
}, Effect.scoped)

/** What a stranger gets who sends a question, whatever it knows of the other side. */
const answerTo = (open: () => Socket) =>
  Effect.callback<string>((resume) => {
    let said = ""
    let failure: string | undefined
    const socket = open()
    socket.on("data", (chunk) => {
      said += String(chunk)
      socket.end()
    })
    socket.on("error", (error: NodeJS.ErrnoException) => (failure ??= error.code))
    socket.on("close", () => resume(Effect.succeed(said === "" ? `refused: ${failure ?? "closed"}` : said)))
    socket.write('{"_tag":"Request","id":"1","tag":"Asked","payload":{"by":"a stranger"},"headers":[]}\n')
    return Effect.sync(() => socket.destroy())
  })

const strange = (port: number, options: ConnectionOptions) =>
  answerTo(() => connect({ host, port, rejectUnauthorized: false, ...options }))

describe("a runner that other machines can reach", () => {
  it.live("answers to those whose certificate its authority has signed, and to nobody else", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* listening(own)
      const refused = {
        "without a certificate": yield* strange(port, {}),
        "signed by another authority of the same name": yield* strange(port, theirs.certify(host)),
        "signed by itself": yield* strange(port, selfSigned(host)),
        "by TLS 1.2": yield* strange(port, { ...own, maxVersion: "TLSv1.2" }),
        "in plain text": yield* answerTo(() => connectInClear({ host, port })),
      }
      for (const [who, answer] of Object.entries(refused)) assert.match(answer, /^refused: /, who)
      assert.deepEqual(asked, [])
      assert.include(yield* strange(port, own), "an answer")
      assert.strictEqual(yield* ask(port, "another runner", own), "an answer")
      assert.deepEqual(asked, ["a stranger", "another runner"])
    }),
  )

  it.live("asks nobody who does not show a certificate of the authority that is for the address", () =>
    Effect.gen(function* () {
      const servers = {
        "signed by another authority of the same name": yield* listening({ ...theirs.certify(host), ca: ours.cert }),
        "for another address": yield* listening({ ...ours.certify("10.0.0.1"), ca: ours.cert }),
        "in plain text": yield* listening(),
      }
      for (const [which, { asked, port }] of Object.entries(servers)) {
        const error = yield* Effect.flip(ask(port, "a runner", own))
        assert.strictEqual(error._tag, "RpcClientError", which)
        assert.deepEqual(asked, [], which)
      }
    }),
  )
})

describe("a runner on one machine", () => {
  it.live("says why it cannot listen", () =>
    Effect.gen(function* () {
      const { port } = yield* listening()
      const error = yield* Effect.flip(Layer.build(layerListening({ host, port })))
      assert.strictEqual(whyNotListening(error), "another process listens there already")
    }),
  )

  it.live("is asked in clear, where both sides have no certificates", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* listening()
      assert.include(yield* answerTo(() => connectInClear({ host, port })), "an answer")
      assert.strictEqual(yield* ask(port, "another runner"), "an answer")
      assert.deepEqual(asked, ["a stranger", "another runner"])
    }),
  )
})
