/** The unit of docs/agent.md, as systemd would run it. */
import { assert, describe, it } from "@effect/vitest"
import { chmodSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import * as Effect from "effect/Effect"
import { beginIn, main, makeFolderFor } from "../formaeCommand.ts"

const page = readFileSync(new URL("../../../docs/agent.md", import.meta.url), "utf8")
const unit = /^```ini\n([^]*?)^```$/m.exec(page)?.[1] ?? ""

/** What the unit says, in a home folder. */
const valuesOf = (name: string, home: string): ReadonlyArray<string> =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value = ""]) => value.replaceAll("%h", home))

const document = `
name: shop
targets:
  cloud: { namespace: FakeAWS, config: { cloud: ./cloud.db, region: us-east-1, settleMillis: 4000 } }
resources:
  - { label: net, type: "FakeAWS::EC2::VPC", target: cloud, properties: { CidrBlock: 10.0.0.0/16 } }
`

describe("the service of docs/agent.md", () => {
  it.live(
    "starts, answers, reads its configuration again, drains on SIGTERM, and continues when it is started again",
    () =>
      Effect.gen(function* () {
        const { at, formaeAs, write } = yield* makeFolderFor(main)
        const home = at(".")
        write("shop/shop.yaml", document)
        write("shop/node_modules/.bin/formae", `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`)
        chmodSync(at("shop/node_modules/.bin/formae"), 0o755)
        const [folder = ""] = valuesOf("WorkingDirectory", home)
        const [start = ""] = valuesOf("ExecStart", home)
        const environment = [`HOME=${home}`, `TMPDIR=${dirname(home)}`, ...valuesOf("Environment", home)]
        const service = beginIn(folder)("/usr/bin/env", "-i", ...environment, ...start.split(" "))
        const trusting = { FORMAE_TRUST: folder, HOME: home, TMPDIR: dirname(home) }

        const first = yield* service
        yield* first.said("listens at")
        const [reload = ""] = valuesOf("ExecReload", home)
        assert.strictEqual(reload, "/bin/kill -HUP $MAINPID")
        yield* first.signal("SIGHUP")
        yield* first.said("The configuration was read again (SIGHUP)")
        // A variable that only one of the two has, and that a plugin asks for, would be refused.
        const apply = yield* beginIn(folder)(
          "/usr/bin/env",
          "-i",
          ...Object.entries(trusting).map((entry) => entry.join("=")),
          process.execPath,
          main,
          "apply",
          "shop.yaml",
          "--yes",
        )
        yield* apply.said("net: in progress")
        yield* first.signal("SIGTERM")
        const stopped = yield* first.ended
        assert.strictEqual(stopped.code, 0, stopped.stderr)
        assert.match(
          stopped.stderr,
          /waiting up to 30 s for: apply of shop[^]*All commands are at a safe point[^]*Stopped\n$/,
        )

        const next = yield* service
        const { code, stderr, stdout } = yield* apply.ended
        assert.deepEqual([code, /1 created/.test(stdout)], [0, true], stderr)
        const copied = yield* formaeAs({}, trusting, "shop")("state", "backup", "copy.db", "--json")
        assert.deepInclude(JSON.parse(copied.stdout), { status: "succeeded", backup: "copy.db" }, copied.stderr)
        const read = yield* formaeAs({}, trusting, "shop")("inventory", "--state", "copy.db", "--json")
        assert.match(read.stdout, /"label": "net"/, read.stderr)
        const rotated = yield* formaeAs({}, trusting, "shop")("state", "rotate-key", "--json")
        assert.deepInclude(JSON.parse(rotated.stdout), { status: "succeeded", left: 0 }, rotated.stderr)
        const planned = yield* formaeAs({}, trusting, "shop")("plan", "shop.yaml", "--json")
        assert.deepEqual([planned.code, /"operation": "noop"/.test(planned.stdout)], [0, true], planned.stderr)
        yield* next.signal("SIGTERM")
        assert.strictEqual((yield* next.ended).code, 0)
      }).pipe(Effect.scoped),
  )
})
