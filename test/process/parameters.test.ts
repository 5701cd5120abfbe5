/** What a document is given on the command line, and what it may read there. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { renameSync, rmSync, symlinkSync } from "node:fs"
import { makeFolder } from "./formaeCommand.ts"
import { decodeResult, refusalIn } from "./jsonOutput.ts"
import { network, networksMade } from "./networkDocument.ts"
import { columnIn } from "./rows.ts"

const withOutputs = `${network}outputs:
  cidr: { $text: "in \${net.CidrBlock}" }
  key: { $secret: "canary\\n\\tof 6b20" }
`

describe("the parameters of a document", () => {
  it.live("are given by flags, files and variables, and outputs are printed, in each environment by itself", () =>
    Effect.gen(function* () {
      const { at, formae, formaeAs, has, write } = yield* makeFolder
      write("net.yaml", withOutputs)
      const missing = yield* formae("plan", "net.yaml", "--json")
      assert.strictEqual(missing.code, 2)
      assert.strictEqual(
        missing.stderr,
        "net.yaml:3:3 parameters.cidr: the parameter cidr has no value\n" +
          "Give it its value with --set cidr=VALUE, in a file (--parameters FILE), or in the environment variable FORMAE_PARAMETER_CIDR. At a terminal you are asked\n",
      )
      assert.deepEqual((yield* refusalIn(missing))?.issues, [
        { path: ["parameters", "cidr"], message: "the parameter cidr has no value", line: 3, column: 3 },
      ])

      write("parameters.prod.yaml", "# for all documents\nstage: prod\ncidr: 10.9.0.0/16\nreplicas: 3\n")
      write("parameters.dev.yaml", "cidr: 10.1.0.0/16\n")
      write("more.json", '{ "dns": true,\n  "stage": "from the file" }')
      const variables = { FORMAE_PARAMETER_CIDR: "10.2.0.0/16", FORMAE_PARAMETER_STAGE: "from a variable" }
      const prod = yield* formaeAs({}, variables)(
        "apply",
        "net.yaml",
        "--env",
        "prod",
        "--parameters",
        "more.json",
        "--set",
        "stage=a=b",
        "--json",
        "--trust",
        ".",
      )
      assert.strictEqual(prod.code, 0, prod.stderr)
      const dev = yield* formae("apply", "net.yaml", "--env", "dev", "--json")
      assert.strictEqual(dev.code, 0, dev.stderr)
      assert.deepEqual(yield* columnIn(at("cloud.db"), networksMade), [
        '["10.1.0.0/16",0,"stage-dev"]',
        '["10.2.0.0/16",1,"stage-a=b"]',
      ])
      const [listed, unknown, ofDev, key, hidden] = yield* Effect.all(
        [
          formae("output", "--json"),
          formae("output", "net@dev.cird", "--json"),
          formae("output", "net@dev", "--show-secret"),
          formae("output", "net@dev.key", "--show-secret"),
          formae("output", "net@dev.key"),
        ],
        { concurrency: 2 },
      )
      assert.deepEqual<unknown>((yield* decodeResult(listed.stdout)).outputs, {
        "net@dev.cidr": { value: "in 10.1.0.0/16" },
        "net@dev.key": { secret: true },
        "net@prod.cidr": { value: "in 10.2.0.0/16" },
        "net@prod.key": { secret: true },
      })
      assert.strictEqual(unknown.code, 2)
      assert.strictEqual(
        (yield* refusalIn(unknown))?.message,
        "The state has no output net@dev.cird; did you mean net@dev.cidr?",
      )
      assert.strictEqual(ofDev.stdout, "net@dev.cidr: in 10.1.0.0/16\nnet@dev.key: (secret)\n", "only one by its name")
      assert.strictEqual(key.stdout, "canary\n\tof 6b20\n", "as it is, for a script")
      assert.deepEqual([hidden.code, hidden.stdout], [2, ""], "a script would take other words for the secret")
      assert.strictEqual(hidden.stderr, "The output net@dev.key is secret\n--show-secret prints it\n")
      assert.notInclude([prod, dev].map(({ stderr, stdout }) => stdout + stderr).join(""), "canary")
      const inventory = yield* formae("inventory")
      assert.match(inventory.stdout, /^net@dev +net /m)
      assert.match(inventory.stdout, /^net@prod +net /m)
      const again = yield* formae("plan", "net.yaml", "--env", "dev")
      assert.notMatch(again.stdout, /to create|to update|to delete/)
      const gone = yield* formae("destroy", "net.yaml", "--env", "dev", "--json")
      assert.strictEqual(gone.code, 0, gone.stderr)
      assert.lengthOf(yield* columnIn(at("cloud.db"), networksMade), 1)
      assert.isTrue(has("cloud.db"))
    }),
  )

  it.live("that are wrong are refused at their place, with what was meant, and nothing is done", () =>
    Effect.gen(function* () {
      const { formae, has, write } = yield* makeFolder
      write("net.yaml", network)
      write("typo.yaml", "cidr: 10.0.0.0/16\ndsn: true\n")
      write("list.yaml", "- cidr\n")
      write("parameters.prod.yaml", "")
      write("parameters.prod.json", "{}")
      const commands: ReadonlyArray<readonly [args: ReadonlyArray<string>, says: string]> = [
        [
          ["--set", "region=eu-west-2", "--set", "cidr=1"],
          "net.yaml:2:3 parameters.region: the value from --set is none of those that are allowed: eu-west-1, us-east-1; did you mean eu-west-1?\n",
        ],
        [
          ["--set", "sidr=1"],
          "net.yaml:1:1 parameters: the document has no parameter sidr, for which there is a value from --set; did you mean cidr?\n",
        ],
        [["--set", "cidr"], "A --set has no name and value; write --set NAME=VALUE\n"],
        [["--parameters", "typo.yaml"], "typo.yaml:2:1 dsn: the document has no parameter dsn; did you mean dns?\n"],
        [["--parameters", "list.yaml"], "list.yaml:1:1 expected values of parameters by name, such as replicas: 3\n"],
        [
          ["--parameters", "no.yaml"],
          "The parameters file no.yaml cannot be read: there is no such file; the YAML and JSON files there are: list.yaml, net.yaml, parameters.prod.json, parameters.prod.yaml, typo.yaml\n",
        ],
        [
          ["--env", "../x"],
          "The environment that --env gives is not a name of at most 50 letters, digits, dashes and underscores, such as prod: ../x\n",
        ],
        [["--env", "prd"], "There is no environment prd: there is no "],
        [["--env", "prod"], "The environment prod has two files, "],
      ]
      yield* Effect.forEach(
        commands,
        ([args, says]) =>
          Effect.gen(function* () {
            const ended = yield* formae("apply", "net.yaml", ...args, "--json")
            assert.strictEqual(ended.code, 2, args.join(" "))
            assert.isTrue(ended.stderr.startsWith(says), `${args.join(" ")}: ${ended.stderr}`)
            yield* refusalIn(ended)
          }),
        { concurrency: 2 },
      )
      assert.isFalse(has("cloud.db"))
    }),
  )
})

describe("a folder", () => {
  it.live("is one document, with the name of the folder, its environments and its own mistakes", () =>
    Effect.gen(function* () {
      const { at, formae, write } = yield* makeFolder
      const [head = "", body = ""] = network.split("resources:")
      write("shop/base.yaml", head)
      write("shop/net.yml", `resources:${body}`)
      write("shop/parameters.dev.yaml", "cidr: 10.4.0.0/16\n")
      write("shop/package.json", "{}")
      const applied = yield* formae("apply", "shop", "--env", "dev", "--json")
      assert.strictEqual(applied.code, 0, applied.stderr)
      assert.deepEqual(yield* columnIn(at("cloud.db"), networksMade), ['["10.4.0.0/16",0,"stage-dev"]'])
      assert.match((yield* formae("inventory")).stdout, /^shop@dev +net /m)
      write("shop/other.json", '{ "resources": [{ "label": "net" }] }')
      const twice = yield* formae("plan", "shop", "--env", "dev")
      assert.strictEqual(
        twice.stderr,
        "shop/other.json:1:19 resources[0].label: the label net is already used in shop/net.yml:2:5; give one of them another label\n",
      )
      // A part that is broken is not left out: its resources would be deleted.
      const refused = (text: string) =>
        Effect.map(formae("plan", "shop", "--env", "dev"), ({ code, stderr }) => {
          assert.strictEqual(code, 2)
          assert.include(stderr, text)
        })
      write("shop/other.json", "\n")
      yield* refused("shop/other.json is a part of the document, but is empty. ")
      rmSync(at("shop/other.json"))
      symlinkSync(at("gone.yaml"), at("shop/link.yaml"))
      yield* refused(
        "The document shop/link.yaml cannot be read: there is no such file, because it is a link that leads nowhere",
      )
      rmSync(at("shop/link.yaml"))
      execFileSync("mkfifo", [at("shop/pipe.yaml")])
      yield* refused("shop/pipe.yaml is a part of the document, but is not a regular file. ")
      rmSync(at("shop/pipe.yaml"))
      renameSync(at("shop/net.yml"), at("shop/NET.YAML"))
      assert.notMatch((yield* formae("plan", "shop", "--env", "dev")).stdout, /to delete/)
    }),
  )
})
