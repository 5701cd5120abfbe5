/** Documents that use others. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { realpathSync, symlinkSync } from "node:fs"
import { makeFolder } from "./formaeCommand.ts"
import { columnIn } from "./rows.ts"

const canary = "canary-0f93ab"

const app = `parameters:
  password: { type: string, secret: true }
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } }
use:
  net: { document: ./parts/net.yaml, parameters: { key: { $param: password }, tag: { $ref: own.VpcId } } }
resources:
  - { label: own, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.1.0.0/16 } }
  - label: login
    type: FakeAWS::SecretsManager::Secret
    target: cloud
    properties: { Name: login, Description: { $text: "for \${net.vpcId}" }, SecretString: { $ref: net.login } }
`

const net = `parameters:
  key: { type: string }
  tag: { type: string }
resources:
  - label: vpc
    type: FakeAWS::EC2::VPC
    target: cloud
    properties: { CidrBlock: { $file: ./cidr.txt }, Tags: [{ Key: k, Value: { $param: tag } }] }
outputs:
  vpcId: { $ref: vpc.VpcId }
  login: { $text: "pw:\${param.key}" }
`

describe("a document with a part", () => {
  it.live("is applied as one, needs nothing again, and keeps its secrets", () =>
    Effect.gen(function* () {
      const { at, bytesIn, formae, formaeAs, write } = yield* makeFolder
      const folder = realpathSync(at("."))
      write("app.yaml", app)
      write("parts/net.yaml", net)
      write("parts/cidr.txt", "10.0.0.0/16")
      const asMe = formaeAs({}, { FORMAE_PARAMETER_PASSWORD: canary })
      const refused = yield* asMe("plan", "app.yaml")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, `- the document ${folder}/app.yaml\n`)
      assert.include(refused.stderr, "    sends these files to its targets:\n      parts/cidr.txt\n")
      const granted = yield* formae("trust", ".")
      assert.include(granted.stdout, `- the document `)

      const applied = yield* asMe("apply", "app.yaml")
      assert.strictEqual(applied.code, 0, applied.stderr)
      const made = yield* columnIn(
        at("cloud.db"),
        "SELECT json_array(properties ->> 'CidrBlock', properties ->> '$.Tags[0].Value', properties ->> 'Description', properties ->> 'SecretString') FROM resources ORDER BY 1",
      )
      assert.lengthOf(made, 3)
      assert.match(made[0] ?? "", /^\["10\.0\.0\.0\/16","vpc-/)
      assert.include(made.join(), `"pw:${canary}"`)
      const again = yield* asMe("apply", "app.yaml")
      assert.strictEqual(again.code, 0, again.stderr)
      assert.include(again.stdout, "Nothing to do: 3 resources are already as wanted\n")

      // The part has another name, and with it its labels.
      const web = app.replace("  net: {", "  web: {").replaceAll(/\bnet\.(?=vpcId|login)/g, "web.")
      write("app.yaml", web)
      const renamed = yield* asMe("plan", "app.yaml")
      assert.include(renamed.stdout, "1 to create, 1 to update, 1 to delete, 1 unchanged\n")
      write("app.yaml", `${web}moved: [{ from: net-vpc, to: web-vpc }]\n`)
      const moved = yield* asMe("plan", "app.yaml")
      assert.strictEqual(moved.code, 0, moved.stderr)
      assert.notMatch(moved.stdout, /to create|to delete|to update/)
      write("parts/net.yaml", net.replace("$ref: vpc.", "$ref: vcp."))
      const wrong = yield* asMe("plan", "app.yaml")
      assert.strictEqual(
        wrong.stderr,
        "parts/net.yaml:10:3 outputs.vpcId: there is no resource with the label vcp in this document, which is used as a part; did you mean vpc?\n",
      )
      for (const { stderr, stdout } of [refused, applied, again, renamed, moved, wrong])
        assert.notInclude(stdout + stderr, canary)
      assert.notInclude(bytesIn(".formae"), canary)
    }),
  )

  it.live("is in the folder of the document, and is not joined by itself where the folder is the document", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      const part = (name: string, of = "") =>
        `${of}resources: [{ label: ${name}, type: FakeAWS::EC2::VPC, target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }]\n`
      const targets =
        "targets: { cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: eu-west-1, settleMillis: 0 } } }\n"
      write("elsewhere.yaml", part("canary"))
      write("shop/a.yaml", part("one", `${targets}use: { p: { document: ./b.yaml } }\n`))
      write("shop/b.yaml", part("two"))
      const whole = yield* formae("plan", "shop")
      assert.strictEqual(whole.code, 0, whole.stderr)
      assert.match(whole.stdout, / p-two /)
      assert.include(whole.stdout, "2 to create\n")

      write("shop/b.yaml", part("two", "use: { back: { document: a.yaml } }\n"))
      const circle = yield* formae("plan", "shop")
      assert.strictEqual(
        circle.stderr,
        "shop/b.yaml:1:16 use.back.document: a document cannot be a part of itself: a.yaml → b.yaml → a.yaml; take one of these uses out\n",
      )
      symlinkSync(at("elsewhere.yaml"), at("shop/link.yml.txt"))
      symlinkSync(at("shop/b.yaml"), at("shop/within.txt"))
      const uses = ["../elsewhere.yaml", "link.yml.txt", "gone.yaml", "within.txt"]
      const lines = uses.map((path, index) => `  u${index}: { document: ${path} }\n`).join("")
      write("shop/b.yaml", part("two"))
      write("shop/a.yaml", part("one", `${targets}use:\n${lines}`))
      const outside = yield* formae("plan", "shop/a.yaml")
      const folder = realpathSync(at("shop"))
      const rule = `is not in the folder of the document, ${folder}, or a link leads out of it; a document can use only such documents`
      assert.deepEqual(outside.stderr.trimEnd().split("\n"), [
        `shop/a.yaml:3:9 use.u0.document: the document ../elsewhere.yaml ${rule}`,
        `shop/a.yaml:4:9 use.u1.document: the document link.yml.txt ${rule}`,
        "shop/a.yaml:5:9 use.u2.document: the document gone.yaml cannot be read: there is no such file; its path is from the folder of the document that names it",
      ])
    }),
  )
})
