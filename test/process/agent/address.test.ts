/** An agent at an address, and commands of another folder that reach it by a token. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { selfSigned } from "../../control/selfSigned.ts"
import { main, makeFolderFor } from "../formaeCommand.ts"

const document = (cloud: string) => `
name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ${cloud}, region: us-east-1, settleMillis: 0 } }
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

describe("an agent at an address", () => {
  it.live("lets in who has a token, by whose name it is said who has asked", () =>
    Effect.gen(function* () {
      const { at, begin, formae, write } = yield* makeFolderFor(main)
      const { cert, key } = selfSigned("localhost")
      write("agent.pem", cert)
      write("agent.key", key)

      // Its paths are relative to its folder, and the flag goes before it.
      write(
        "settings/agent.yaml",
        "agent: { listen: { address: '0.0.0.0:7', certificate: ../agent.pem, key: ../agent.key } }",
      )
      const started = ["agent", "--config", "settings/agent.yaml", "--listen", "127.0.0.1:0"]
      const nobody = yield* formae(...started)
      assert.deepEqual([nobody.code, /formae agent token add NAME/.test(nobody.stderr)], [2, true], nobody.stderr)
      const made = yield* formae("agent", "token", "add", "ci", "--json")
      const { token } = JSON.parse(made.stdout) as { readonly token: string }
      const agent = yield* begin(...started)
      yield* agent.said("to callers with a token. Those are known now: ci")
      yield* agent.said("and listens at")
      const url = `https://localhost:${/https:\/\/127\.0\.0\.1:(\d+)/.exec(agent.stderr())?.[1]}`

      // Another folder, as on another machine.
      const client = yield* makeFolderFor(main)
      client.write("shop.yaml", document(at("cloud.db")))
      client.write("ca.pem", cert)
      client.write("token", `${token}\n`)
      const calling = (environment: NodeJS.ProcessEnv) =>
        client.formaeAs({}, { FORMAE_AGENT: url, FORMAE_AGENT_CA: "ca.pem", ...environment })
      const known = calling({ FORMAE_AGENT_TOKEN_FILE: "token" })
      const applied = yield* known("apply", "shop.yaml", "--yes", "--json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.match(applied.stderr, /net: create done/)
      assert.isFalse(client.has(".formae"))
      const wrong = yield* calling({ FORMAE_AGENT_TOKEN: `${token}x` })("agent", "status")
      assert.deepEqual([wrong.code, /no token that this agent knows/.test(wrong.stderr)], [1, true], wrong.stderr)
      // What is locked with the key of the state can only be locked where that is.
      client.write("shop.plan", `{ "formaePlan": 1 }`)
      const saved = yield* known("apply", "shop.plan")
      assert.deepEqual([saved.code, /where the agent runs/.test(saved.stderr)], [1, true], saved.stderr)
      // On the machine of the agent, by its socket.
      assert.match((yield* formae("commands")).stdout, /apply +shop +succeeded +ci /)
      assert.include((yield* formae("agent", "status")).stdout, ` and https://127.0.0.1:${new URL(url).port};`)

      // A certificate that is renewed. Whoever trusts the one before alone is told what to do.
      write("agent.key", selfSigned("localhost").key)
      yield* agent.signal("SIGHUP")
      yield* agent.said("is not used. The one before stays")
      const next = selfSigned("localhost")
      write("agent.pem", next.cert)
      write("agent.key", next.key)
      yield* agent.signal("SIGHUP")
      yield* agent.said("see another certificate (SIGHUP)")
      assert.include((yield* known("agent", "status")).stderr, "Set FORMAE_AGENT_CA")
      client.write("ca.pem", next.cert)
      assert.match(
        (yield* known("events")).stdout,
        /the configuration was changed \(SIGHUP\): agent\.listen\.certificate: number/,
      )

      assert.strictEqual((yield* formae("agent", "token", "remove", "ci")).code, 0)
      const gone = yield* known("inventory")
      assert.deepEqual(
        [gone.code === 0, /no token that this agent knows/.test(gone.stderr)],
        [false, true],
        gone.stderr,
      )

      // An agent that does not come back in time: the command says what goes on, and how to find it.
      const again = JSON.parse((yield* formae("agent", "token", "add", "night", "--json")).stdout) as {
        readonly token: string
      }
      client.write("slow.yaml", document(at("cloud.db")).replace("shop", "slow").replace("Millis: 0", "Millis: 600000"))
      const leaving = yield* client.beginScript(
        `export FORMAE_AGENT=${url} FORMAE_AGENT_CA=ca.pem FORMAE_AGENT_TOKEN=${again.token} FORMAE_AGENT_WAIT_MILLIS=1
         exec $formae apply slow.yaml --yes --json`,
      )
      yield* leaving.said("net: create")
      yield* agent.signal("SIGTERM")
      const ended = yield* agent.ended
      assert.strictEqual(ended.code, 0, ended.stderr)
      assert.notInclude(ended.stderr, token)
      const left = yield* leaving.ended
      const { error, status } = JSON.parse(left.stdout)
      assert.deepEqual(
        [left.code, status, error.code, error.facts.commandIds.length],
        [1, "failed", "AgentUnreachable", 1],
      )
      assert.include(left.stderr, `"formae events --follow --command ${error.facts.commandIds[0]}" shows it`)
    }).pipe(Effect.scoped),
  )
})
