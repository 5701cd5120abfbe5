/** The API at an address: who is let in, and by which name and certificate the agent is known. */
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { X509Certificate } from "node:crypto"
import { request } from "node:http"
import { Agent } from "../../src/agent/Agent.ts"
import { listenTcp, type ServeTcpOptions } from "../../src/control/server/AddressServer.ts"
import { makeIsOwnHost } from "../../src/control/server/ownHost.ts"
import { tokenHash } from "../../src/control/server/tokens.ts"
import { layerRemote } from "../../src/control/remote/layerRemote.ts"
import { formaOfNotes } from "../agent/notes.ts"
import { defaultListenBounds } from "../../src/control/server/HttpListener.ts"
import { answerTo, answerWhileOpen, parts, requestOf, silent } from "./rawHttp.ts"
import { selfSigned, selfSignedBetween } from "./selfSigned.ts"
import { layerServed } from "./serving.ts"

const listening = Effect.fnUntraced(function* (options: Partial<ServeTcpOptions> = {}) {
  const served = listenTcp({
    host: "127.0.0.1",
    port: 0,
    tokens: [
      { name: "build", token: Redacted.make("a-token-of-the-build") },
      { name: "night", token: Redacted.make("a-token-of-the-night") },
    ],
    ...options,
  })
  return yield* Effect.provideContext(served, yield* Layer.build(layerServed))
})
const servingTcp = (options?: Partial<ServeTcpOptions>) => Effect.map(listening(options), ({ port }) => port)

const own = selfSigned("localhost", "127.0.0.1", "agent.example")
const token = Redacted.make("a-token-of-the-night")

/** A stream of the events, read from their beginning. */
const eventsOf = (port: number) =>
  Effect.gen(function* () {
    const finished = yield* Deferred.make<void>()
    const ended = yield* Deferred.make<string>()
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        let text = ""
        const headers = { authorization: `Bearer ${Redacted.value(token)}` }
        const sent = request({ host: "127.0.0.1", port, path: "/v1/events?after=0", headers, agent: false })
        sent.on("error", () => undefined)
        sent.on("response", (answer) => {
          answer.on("data", (chunk) => {
            text += String(chunk)
            if (text.includes("Finished")) Deferred.doneUnsafe(finished, Effect.void)
          })
          answer.on("error", () => undefined)
          answer.on("close", () => Deferred.doneUnsafe(ended, Effect.succeed(text)))
        })
        return sent.end()
      }),
      (sent) => Effect.sync(() => sent.destroy()),
    )
    return { finished: Deferred.await(finished), ended: Deferred.await(ended) }
  })

/** The agent at an address, for as long as the scope is open. */
const agentAt = (address: Parameters<typeof layerRemote>[0]) =>
  Effect.flatMap(Layer.build(layerRemote(address)), (context) => Effect.provideContext(Agent, context))

describe("the API at an address", () => {
  it.live("takes a caller by a token, whose name is that of who has asked", () =>
    Effect.gen(function* () {
      const port = yield* servingTcp()
      for (const headers of [
        {},
        { authorization: "Bearer another-token-1234" },
        { authorization: "a-token-of-the-build" },
      ]) {
        const { body, status } = parts(yield* answerTo(port, requestOf("GET", "/v1/agent", headers)))
        assert.strictEqual(status, 401)
        assert.include(body, "Authorization: Bearer TOKEN")
      }
      const foreign = requestOf("GET", "/v1/agent", {
        host: "evil.example",
        authorization: "Bearer a-token-of-the-build",
      })
      assert.strictEqual(parts(yield* answerTo(port, foreign)).status, 421)
      const { build, listed, secret } = yield* Effect.gen(function* () {
        const agent = yield* Agent
        const forma = { ...formaOfNotes({ a: { Text: "a" } }), outputs: { p: { $secret: "canary-1" } } }
        const build = yield* agent.apply(forma)
        const secret = yield* Effect.flip(agent.outputs({ name: "p", withSecret: true }))
        return { build, secret, listed: yield* agent.commands() }
      }).pipe(Effect.provide(layerRemote({ url: `http://127.0.0.1:${port}`, token })))
      assert.strictEqual(build.status, "succeeded")
      assert.deepEqual(
        listed.commands.map(({ askedBy }) => askedBy),
        ["night"],
      )
      assert.deepInclude(secret, { _tag: "AgentUnreachable" })
      assert.include(secret.message, "only on the socket")
      const wrong = yield* Effect.flip(
        Layer.build(layerRemote({ url: `http://127.0.0.1:${port}`, token: Redacted.make("not-one-of-them-at-all") })),
      )
      assert.strictEqual(wrong.reason._tag, "Refused")
    }),
  )

  it.live("lets nobody in whose token was taken away, and ends a stream that goes on", () =>
    Effect.gen(function* () {
      const known = new Map([
        [tokenHash("a-token-of-the-build"), "build"],
        [tokenHash(Redacted.value(token)), "night"],
      ])
      const url = `http://127.0.0.1:${yield* servingTcp({ tokens: (hash) => known.get(hash) })}`
      const build = yield* agentAt({ url, token: Redacted.make("a-token-of-the-build") })
      const night = yield* agentAt({ url, token })
      const stream = yield* eventsOf(Number(new URL(url).port))
      yield* build.apply(formaOfNotes({ a: { Text: "a" } }))
      yield* stream.finished
      known.delete(tokenHash(Redacted.value(token)))
      yield* build.apply(formaOfNotes({ a: { Text: "a" }, later: { Text: "b" } }))
      assert.notInclude(yield* stream.ended, "later")
      assert.include((yield* Effect.flip(night.inventory)).message, "no token that this agent knows")
    }),
  )

  it.live("is known by its certificate, and by the names that it stands for", () =>
    Effect.gen(function* () {
      const port = yield* servingTcp({ tls: own })
      const url = `https://localhost:${port}`
      const agent = yield* agentAt({ url, token, ca: own.cert })
      assert.strictEqual((yield* agent.apply(formaOfNotes({ a: { Text: "a" } }))).status, "succeeded")
      const faultAt = Effect.fnUntraced(function* (port: number, ca?: string, host = "localhost") {
        const { reason } = yield* Effect.flip(agentAt({ url: `https://${host}:${port}`, token, ca }))
        return reason._tag === "NotTrusted" ? `${reason.fault}: ${reason.message}` : reason._tag
      })
      const unknownSigner = "UnknownSigner: nobody whom this side trusts has signed its certificate"
      assert.strictEqual(yield* faultAt(port), unknownSigner)
      // Another one of the same name has another key.
      assert.include(yield* faultAt(port, selfSigned("localhost").cert), "certificate")
      assert.strictEqual(yield* faultAt(port, "nothing"), unknownSigner)
      const [old, early, elsewhere] = [
        selfSignedBetween(2001, 2002, "localhost"),
        selfSignedBetween(2101, 2102, "localhost"),
        selfSigned("agent.example", "10.0.0.7"),
      ]
      const faults = yield* Effect.forEach([old, early, elsewhere], (tls) =>
        Effect.flatMap(servingTcp({ tls }), (at) => faultAt(at, tls.cert)),
      )
      assert.deepEqual(faults, [
        "Expired: its certificate has expired",
        "NotYetValid: its certificate is not valid yet by the clock of this machine",
        "OtherName: its certificate is not for localhost, but for agent.example, 10.0.0.7",
      ])
      // One that does not speak TLS gets no answer, and keeps no connection.
      assert.notInclude(yield* answerWhileOpen(port, requestOf("GET", "/v1/agent")), "200")
      const plain = yield* servingTcp()
      const odd = yield* Effect.flip(agentAt({ url: `https://127.0.0.1:${plain}`, token, ca: own.cert }))
      assert.include(odd.message, "does not speak TLS")
      yield* agent.inventory
    }),
  )

  it.live("is given another certificate while it listens; one that is wrong changes nothing", () =>
    Effect.gen(function* () {
      const { port, renew } = yield* listening({ tls: own })
      const [next, old] = [selfSigned("localhost"), selfSignedBetween(2001, 2002, "localhost")]
      const isKnownBy = (ca: string) =>
        Effect.scoped(
          Effect.match(agentAt({ url: `https://localhost:${port}`, token, ca }), {
            onFailure: ({ reason }) => reason._tag,
            onSuccess: () => "known",
          }),
        )
      const wrong = yield* Effect.forEach([{ ...next, key: own.key }, { ...next, cert: "nothing" }, old], (tls) =>
        Effect.map(Effect.flip(renew(tls)), ({ reason }) => reason.replace(/:.*/, "").replace(/ since.*/, "")),
      )
      assert.deepEqual(wrong, [
        "its certificate cannot be used",
        "its certificate cannot be read",
        "its certificate is over",
      ])
      assert.deepEqual([yield* isKnownBy(own.cert), yield* isKnownBy(next.cert)], ["known", "NotTrusted"])
      const { from, to } = yield* renew(next)
      assert.notStrictEqual(from.fingerprint256, to.fingerprint256)
      assert.deepEqual([yield* isKnownBy(own.cert), yield* isKnownBy(next.cert)], ["NotTrusted", "known"])
      const plain = yield* listening()
      assert.include((yield* Effect.flip(plain.renew(next))).reason, "without TLS")
    }),
  )

  it.live("closes a connection too many by TLS, which its caller takes for one that is lost", () =>
    Effect.gen(function* () {
      const port = yield* servingTcp({ tls: own, bounds: { ...defaultListenBounds, connections: 1 } })
      const address = { url: `https://localhost:${port}`, token, ca: own.cert }
      const many = yield* Effect.scoped(
        Effect.gen(function* () {
          yield* silent(port)
          return yield* Effect.flip(agentAt(address))
        }),
      )
      assert.strictEqual(many.reason._tag, "NotRunning", many.message)
      const isThere = Effect.scoped(Effect.match(agentAt(address), { onFailure: () => false, onSuccess: () => true }))
      yield* Effect.repeat(isThere, { until: (is) => is })
    }),
  )

  it.each([
    ["localhost", true],
    ["localhost:7777", true],
    ["[::1]:7777", true],
    ["0.0.0.0:7777", true],
    ["AGENT.example:7777", true],
    ["agent.example", true],
    ["127.0.0.1", true],
    ["10.0.0.7", true],
    ["10.0.0.8", false],
    ["named.example:1", true],
    ["evil.example", false],
    ["agent.example.evil.example", false],
    ["[::2]", false],
    ["", false],
    [undefined, false],
  ])("takes the Host %s for its own: %s", (header, isOwn) => {
    const certificate = new X509Certificate(selfSigned("agent.example", "10.0.0.7").cert)
    assert.strictEqual(makeIsOwnHost({ host: "0.0.0.0", names: ["named.example"], certificate })(header), isOwn)
  })

  it.effect.each([
    ["without a token", { tokens: [] }, "there is no token"],
    ["with one that can be guessed", { tokens: [{ name: "x", token: Redacted.make("1234") }] }, "the token of x"],
    ["without TLS where others can reach it", { host: "0.0.0.0" }, "without TLS"],
    ["with a certificate that is none", { tls: { ...own, cert: "nothing" } }, "certificate cannot be read"],
    [
      "with the key of another certificate",
      { tls: { ...own, key: selfSigned("localhost").key } },
      "key values mismatch",
    ],
  ] as const)("does not listen %s", ([, options, says]) =>
    Effect.gen(function* () {
      const failed = yield* Effect.flip(servingTcp(options))
      assert.strictEqual(failed._tag, "ServeFailed")
      assert.include(failed.message, says)
    }),
  )
})
