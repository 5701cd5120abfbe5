/** Where an agent listens beside its socket: what says so, and what is refused, with its place and the way out. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { mkdirSync, writeFileSync } from "node:fs"
import { generateKeyPairSync } from "node:crypto"
import { join } from "node:path"
import { HostEnvironment } from "../../../src/agent/index.ts"
import { withFlags } from "../../../src/cli/config/flagSettings.ts"
import { readConfig } from "../../../src/cli/config/readConfig.ts"
import { addressText, listenAddress } from "../../../src/cli/staying/listenAddress.ts"
import { listenSettings } from "../../../src/cli/staying/listenSettings.ts"
import { addToken, tokensFolder } from "../../../src/cli/staying/tokenFiles.ts"
import { parseAddress } from "../../../src/platform/hosts.ts"
import { temporaryFolder } from "../../agent/store/temporaryFolder.ts"
import { selfSigned } from "../../control/selfSigned.ts"

const own = selfSigned("localhost")
const other = selfSigned("localhost")
const locked = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey

interface Flags {
  readonly listen?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
}

interface Given {
  /** What the file has below `agent.listen`. */
  readonly file?: string
  readonly variables?: Readonly<Record<string, string>>
  readonly flags?: Flags
  readonly hasToken?: boolean
}

/** What an agent would listen at, by what is given. The configuration file is in a folder of its own, beside the certificates. */
const listening = Effect.fnUntraced(function* ({ file, flags = {}, hasToken = true, variables = {} }: Given) {
  const folder = yield* temporaryFolder
  const at = (name: string) => join(folder, name)
  mkdirSync(at("project"))
  const files = { "a.pem": own.cert, "a.key": own.key, "b.pem": other.cert, "b.key": other.key, "locked.key": locked }
  for (const [name, text] of Object.entries(files)) writeFileSync(at(`project/${name}`), text)
  writeFileSync(at("project/c.yaml"), file === undefined ? "" : `agent: { listen: ${file} }`)
  const state = at("state.db")
  if (hasToken) yield* addToken(yield* tokensFolder(state), "ci")
  // As in a shell that is in that folder.
  const here = (text: string) => text.replaceAll("@", `${at("project")}/`)
  const config = yield* Effect.provideService(
    readConfig(Option.some(at("project/c.yaml"))),
    HostEnvironment,
    Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, here(value)])),
  )
  const flag = (value: string | undefined) => Option.map(Option.fromUndefinedOr(value), here)
  const given = withFlags(
    {
      state: Option.none(),
      plugins: [],
      onlyPlugins: [],
      listen: flag(flags.listen),
      tlsCert: flag(flags.tlsCert),
      tlsKey: flag(flags.tlsKey),
    },
    config,
  )
  return yield* Effect.mapError(listenAddress(listenSettings(given), state), ({ message }) =>
    message.replaceAll(folder, "DIR"),
  )
})

const pair = "certificate: a.pem, key: a.key"

describe("the address of an agent", () => {
  it.effect.each<[string, Given, string | undefined, string | undefined]>([
    ["none", {}, undefined, undefined],
    ["in the file", { file: "{ address: localhost:7 }" }, "http://localhost:7", undefined],
    ["with files beside it", { file: `{ address: "0.0.0.0:7", ${pair} }` }, "https://0.0.0.0:7", own.cert],
    [
      "by variables before the file",
      {
        file: `{ address: "0.0.0.0:7", ${pair} }`,
        variables: {
          FORMAE_AGENT_LISTEN_ADDRESS: "[::1]:8",
          FORMAE_AGENT_LISTEN_CERTIFICATE: "@b.pem",
          FORMAE_AGENT_LISTEN_KEY: "@b.key",
        },
      },
      "https://[::1]:8",
      other.cert,
    ],
    [
      "by flags before both, value by value",
      {
        file: `{ address: "0.0.0.0:7", ${pair} }`,
        variables: { FORMAE_AGENT_LISTEN_ADDRESS: "localhost:8" },
        flags: { listen: "localhost:9" },
      },
      "https://localhost:9",
      own.cert,
    ],
  ])("%s", ([, given, url, cert]) =>
    Effect.gen(function* () {
      const found = yield* listening(given)
      assert.deepEqual([found && addressText(found), found?.tls?.cert], [url, cert])
      if (found !== undefined) assert.deepEqual(found.callers, ["ci"])
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect.each<[string, Given, string]>([
    [
      "without TLS where others can reach it",
      { file: '{ address: "0.0.0.0:7" }' },
      "DIR/project/c.yaml:1:20 agent.listen.address: Others can reach 0.0.0.0:7, and without TLS they could read tokens and documents on the way. Give a certificate and its key,",
    ],
    [
      "without a token",
      { variables: { FORMAE_AGENT_LISTEN_ADDRESS: "localhost:7" }, hasToken: false },
      'FORMAE_AGENT_LISTEN_ADDRESS: There is no token for the state, so nobody could call at localhost:7. Make one first: "formae agent token add NAME"',
    ],
    ["that is none", { flags: { listen: "7777" } }, "--listen 7777: Expected HOST:PORT, such as 127.0.0.1:7777"],
    [
      "with a certificate alone",
      { flags: { listen: "localhost:7", tlsCert: "@a.pem" } },
      "--tls-cert: A certificate and its key are given together",
    ],
    [
      "with a key alone",
      { file: "{ address: localhost:7, key: a.key }" },
      "DIR/project/c.yaml:1:42 agent.listen.key: A certificate and its key are given together",
    ],
    [
      "that was forgotten",
      { file: `{ ${pair} }` },
      "DIR/project/c.yaml:1:20 agent.listen.certificate: There is no address to listen at. Give one with --listen",
    ],
    [
      "with a certificate that is not there",
      { file: "{ address: localhost:7, certificate: aa.pem, key: a.key }" },
      "DIR/project/c.yaml:1:42 agent.listen.certificate: The certificate DIR/project/aa.pem cannot be read: there is no such file; did you mean a.pem?",
    ],
    [
      "with a certificate that is none",
      { file: "{ address: localhost:7, certificate: a.key, key: a.key }" },
      "agent.listen.certificate: The certificate DIR/project/a.key cannot be used: it is no certificate in PEM",
    ],
    [
      "with a key that is none",
      { file: "{ address: localhost:7, certificate: a.pem, key: a.pem }" },
      "agent.listen.key: The key DIR/project/a.pem cannot be used: it is no private key in PEM",
    ],
    [
      "with a key that is locked",
      { file: "{ address: localhost:7, certificate: a.pem, key: locked.key }" },
      "agent.listen.key: The key DIR/project/locked.key cannot be used: it is locked with a passphrase",
    ],
    [
      "with the key of another certificate",
      { flags: { listen: "localhost:7", tlsCert: "@a.pem", tlsKey: "@b.key" } },
      "--tls-key: The key DIR/project/b.key cannot be used: it is that of another certificate than DIR/project/a.pem",
    ],
  ])("is refused %s", ([, given, says]) =>
    Effect.gen(function* () {
      assert.include(yield* Effect.flip(listening(given)), says)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.effect("is checked where the file is read, whoever reads it", () =>
    Effect.gen(function* () {
      const failure = yield* Effect.flip(listening({ file: "{ address: 7777, certificat: a.pem }" }))
      const { message } = typeof failure === "string" ? { message: failure } : failure
      assert.match(message, /c\.yaml:1:\d+ agent\.listen\.address: Expected /)
      assert.match(message, /agent\.listen\.certificat: there is no such field; did you mean certificate\?/)
    }).pipe(Effect.provide(NodeServices.layer)),
  )

  it.each([
    ["127.0.0.1:7777", { host: "127.0.0.1", port: 7777 }],
    ["localhost:0", { host: "localhost", port: 0 }],
    ["[::1]:7777", { host: "::1", port: 7777 }],
    ["::1:7777", undefined],
    ["7777", undefined],
    [":7777", undefined],
    ["a:65536", undefined],
    ["a b:1", undefined],
    ["http://a:1", undefined],
  ])("is read from %s", (text, expected) => {
    assert.deepEqual(parseAddress(text), expected)
  })
})
