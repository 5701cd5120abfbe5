/** What is asked at a terminal for the parameters of a document. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { needs } from "../needs.ts"
import { typingInto } from "./atTerminal.ts"
import { makeFolder } from "./formaeCommand.ts"
import { columnIn } from "./rows.ts"

const vault = `parameters:
  name: { type: string, allowed: [alpha, beta], description: "what it is called\\e[2J" }
  password: { type: string, secret: true, pattern: "canary-[0-9a-f]{6}" }
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } }
resources:
  - label: it
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: { $param: name }, SecretString: { $text: "pw:\${param.password}" } }
`

describe("a parameter without a value", needs("python3"), () => {
  const canary = "canary-93c1f7"

  it.live("is asked for at a terminal, where a secret is not shown, and is nowhere else afterwards", () =>
    Effect.gen(function* () {
      const { at, beginScript, bytesIn, formae, formaeAs, write } = yield* makeFolder
      write("vault.yaml", vault)
      const run = (answers: ReadonlyArray<string>, command: string) =>
        Effect.flatMap(
          beginScript(`${typingInto("press Enter:|\\[y/N\\]", ...answers)} $formae ${command}`),
          ({ ended }) => ended,
        )
      // What is typed to a question that shows nothing is not the answer to the next one.
      const [head = "", name = "", password = "", ...rest] = vault.split("\n")
      write("pair.yaml", [head, password, name, ...rest].join("\n"))
      const asked = yield* run([`${canary}X\x7f`, "beta", "y"], "apply pair.yaml")
      assert.strictEqual(asked.code, 0, asked.stdout)
      assert.notInclude(asked.stdout, "again")
      assert.include(
        asked.stdout,
        "The parameter name has no value: what it is called\\u001b[2J\nIt may be alpha, beta\nType it (string), and press Enter:\n",
      )
      assert.include(
        asked.stdout,
        "The parameter password has no value\nType it (string, not shown), and press Enter:\n",
      )
      const applied = yield* formaeAs({}, { FORMAE_PARAMETER_PASSWORD: canary })(
        "apply",
        "vault.yaml",
        "--set",
        "name=alpha",
        "--trust",
        ".",
      )
      const stored = "SELECT (properties ->> 'Name') || ' ' || (properties ->> 'SecretString') FROM resources"
      assert.sameMembers([...(yield* columnIn(at("cloud.db"), stored))], [`alpha pw:${canary}`, `beta pw:${canary}`])

      const broken = yield* formae(
        "plan",
        "vault.yaml",
        "--set",
        "name=gamma",
        "--set",
        `password=${canary}`,
        "--set",
        `pasword=${canary}`,
      )
      const plan = yield* formae(
        "plan",
        "vault.yaml",
        "--set",
        "name=alpha",
        "--set",
        `password=${canary}`,
        "--json",
        "--log-level",
        "debug",
      )
      assert.strictEqual(plan.code, 0, plan.stderr)
      for (const { stderr, stdout } of [asked, applied, broken, plan]) assert.notInclude(stdout + stderr, canary)
      assert.notInclude(bytesIn(".formae"), canary)
    }),
  )

  it.live("is asked for again after a wrong answer, up to three times, and nothing is done without one", () =>
    Effect.gen(function* () {
      const { beginScript, has, write } = yield* makeFolder
      write("vault.yaml", vault)
      const run = (answers: ReadonlyArray<string>, more = "") =>
        Effect.flatMap(
          beginScript(`${typingInto("press Enter:", ...answers)} $formae apply vault.yaml ${more}`),
          ({ ended }) => ended,
        )
      const [wrong, left, leftHidden, known] = yield* Effect.all(
        [
          run(["gamma", "", "alpha", "short-1", "short-2", "short-3", "never"]),
          run(["\x04"]),
          run(["beta", "\x03"]),
          run(["never"], "--set password=short-1"),
        ],
        { concurrency: 2 },
      )
      const password = "The parameter password has no value\nType it (string, not shown), and press Enter:\n"
      const pattern =
        "value does not match the pattern canary-[0-9a-f]{6}; write one that does.\nType it again (string, not shown), and press Enter:\n"
      assert.strictEqual(wrong.code, 2, wrong.stdout)
      assert.include(
        wrong.stdout,
        "\nThe value is none of those that are allowed: alpha, beta; write one of these.\nType it again (string), and press Enter:\n",
      )
      assert.include(wrong.stdout, "\nNothing was typed.\nType it again (string), and press Enter:\n")
      assert.isTrue(
        wrong.stdout.endsWith(
          `${password}The ${pattern}The ${pattern}vault.yaml:3:3 parameters.password: the value from the terminal does not match the pattern canary-[0-9a-f]{6}; write one that does\n`,
        ),
        wrong.stdout,
      )
      assert.notInclude(wrong.stdout, "short-")

      const none = "Nothing was done, because there was no answer for the parameter "
      assert.deepEqual([left.code, leftHidden.code], [2, 2], left.stdout + leftHidden.stdout)
      assert.isTrue(left.stdout.endsWith(`${none}name\n`), left.stdout)
      assert.isTrue(leftHidden.stdout.endsWith(`${none}password\n`), leftHidden.stdout)

      assert.strictEqual(known.code, 2, known.stdout)
      assert.strictEqual(
        known.stdout,
        "vault.yaml:3:3 parameters.password: the value from --set does not match the pattern canary-[0-9a-f]{6}; write one that does\n",
        "before anything is asked",
      )
      assert.isFalse(has("cloud.db"))
      assert.isFalse(has(".formae"))
    }),
  )
})
