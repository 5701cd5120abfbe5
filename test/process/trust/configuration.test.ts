/** A configuration that is found in a folder: what it says, and that it is used after a yes. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cpSync, realpathSync } from "node:fs"
import { join } from "node:path"
import { pluginsFolder } from "../../bundles/folders.ts"
import { makeFolder } from "../formaeCommand.ts"
import { shop } from "../shopDocument.ts"
import { refusalIn, resultOf } from "../jsonOutput.ts"
import { bringHostilePlugin, trace } from "./clone.ts"

const secret = "canary-in-the-settings"

describe("P18: a configuration that is found", () => {
  it.live("is used from the folders below, with the state and the plugins that it names, after a yes", () =>
    Effect.gen(function* () {
      const { at, formaeAs, has, write } = yield* makeFolder
      const folder = realpathSync(at("."))
      const environment = { XDG_STATE_HOME: at("records") }
      const formae = formaeAs({}, environment, "deep/er")
      cpSync(join(pluginsFolder, "fake-aws"), at("own/fake-aws"), { recursive: true })
      write("deep/er/shop.yaml", shop)
      const text = `state: kept/shop.db\nonlyPlugins: [own]\nplugin: { other: { settings: { token: ${secret} } } }\n`
      write("formae.config.yaml", text)

      const refused = yield* formae("plan", "shop.yaml")
      assert.strictEqual(refused.code, 2)
      for (const said of [
        `- the configuration ${folder}/formae.config.yaml`,
        `state: ${folder}/kept/shop.db`,
        `onlyPlugins: ["${folder}/own"]`,
        "plugin.other.settings: token (value is not shown)",
        "- the plugin fake-aws",
        `formae trust ${folder}`,
      ]) {
        assert.include(refused.stderr, said)
      }
      assert.notInclude(refused.stderr, secret)
      assert.isFalse(has("kept"))

      const granted = yield* formae("trust", folder)
      assert.strictEqual(granted.code, 0, granted.stderr)
      const applied = yield* Effect.flatMap(formae("apply", "shop.yaml", "--json"), resultOf)
      assert.strictEqual(applied.status, "apply succeeded")
      assert.isTrue(has("kept/shop.db"))
      assert.isFalse(has("deep/er/.formae"))
      // The state that it has made is the user's own.
      assert.strictEqual((yield* formae("inventory")).code, 0)

      write("formae.config.yaml", `${text}operator: { retry: { maxRetries: 0 } }\n`)
      const changed = yield* formae("inventory", "--json")
      assert.strictEqual(changed.code, 2)
      assert.include(changed.stderr, "changed since you trusted it: its content")
      assert.deepEqual((yield* refusalIn(changed))?.facts, {
        folder,
        supplies: [
          {
            kind: "configuration",
            path: `${folder}/formae.config.yaml`,
            standing: "changed",
            changed: ["its content"],
          },
        ],
      })
      const shown = yield* formaeAs({}, { ...environment, FORMAE_OPERATOR_LOG_LEVEL: "Warn" })("config", "--trust", ".")
      assert.strictEqual(shown.code, 0, shown.stderr)
      assert.match(shown.stdout, /\nstate +\/.*\/kept\/shop\.db +formae\.config\.yaml:1:1\n/)
      assert.match(shown.stdout, /\noperator\.logLevel +Warn +FORMAE_OPERATOR_LOG_LEVEL\n/)
      assert.match(shown.stdout, /\noperator\.retry\.maxRetries +0 +formae\.config\.yaml:4:22\n/)
      assert.match(shown.stdout, /\noperator\.retry\.baseMillis +500 +default\n/)
      assert.match(shown.stdout, /\nplugin\.other\.settings +token \(value is not shown\) +formae/)
      assert.notInclude(shown.stdout, secret)
      // What is named on the command line needs no question, and another configuration is not read then.
      write("other.yaml", "state: ../kept/other.db\n")
      const named = yield* formae("inventory", "--config", at("other.yaml"))
      assert.notInclude(named.stderr, "formae.config.yaml")
    }),
  )

  it.live("leads no command to a server that it names, with the password of the user", () =>
    Effect.gen(function* () {
      const { formaeAs, write } = yield* makeFolder
      // Nothing listens there: a command that asks says so.
      write("formae.config.yaml", "state: postgres://formae@127.0.0.1:9/infra\n")
      const formae = formaeAs({}, { PGPASSWORD: secret })
      for (const command of ["cluster", "inventory"]) {
        const refused = yield* formae(command)
        assert.strictEqual(refused.code, 2, command)
        assert.include(refused.stderr, "is not trusted", command)
      }
    }),
  )

  it.live("does not bring in a plugin by naming its folder", () =>
    Effect.gen(function* () {
      const clone = yield* makeFolder
      const { at, formaeAs, has, write } = clone
      bringHostilePlugin(clone)
      const formae = formaeAs({}, { XDG_STATE_HOME: at("records") })
      write("shop.yaml", shop)
      write("formae.config.yaml", "onlyPlugins: [elsewhere]\n")
      write("elsewhere/readme.txt", "nothing yet")
      assert.strictEqual((yield* formae("trust", ".")).code, 0)
      cpSync(at(".formae/plugins/hostile"), at("elsewhere/hostile"), { recursive: true })
      const refused = yield* formae("plan", "shop.yaml")
      assert.strictEqual(refused.code, 2)
      assert.include(refused.stderr, "elsewhere/hostile")
      assert.include(refused.stderr, "is not trusted")
      assert.isFalse(has(trace))
    }),
  )

  it.live("is refused where there are two, and with the place of a mistake; a variable goes before it", () =>
    Effect.gen(function* () {
      const { at, formaeAs, write } = yield* makeFolder
      const folder = realpathSync(at("."))
      write("formae.config.yaml", "operator: { retry: { maxRetires: 3 } }\n")
      write("deep/x", "")
      const mistaken = yield* formaeAs({}, {}, "deep")("inventory", "--json")
      assert.strictEqual(mistaken.code, 2)
      assert.strictEqual(
        mistaken.stderr,
        `${folder}/formae.config.yaml:1:22 operator.retry.maxRetires: there is no such field; did you mean maxRetries?\n`,
      )
      const checked = yield* formaeAs({})("config", "validate", "formae.config.yaml", "--json")
      assert.strictEqual(checked.code, 2)
      assert.strictEqual(JSON.parse(checked.stdout).error.issues[0].line, 1)
      write("formae.config.json", "{}")
      const two = yield* formaeAs({})("inventory", "--json")
      assert.strictEqual(two.code, 2)
      assert.strictEqual((yield* refusalIn(two))?.code, "ConfigAmbiguous")
      assert.include(two.stderr, "formae.config.yaml and formae.config.json")

      write("named.yaml", "supervision: { restart: { jitter: 0, baseMillis: 100 } }")
      const explained = yield* formaeAs({}, { FORMAE_SUPERVISION_RESTART_BASE_MILLIS: "300" })(
        "policy",
        "explain",
        "--config",
        "named.yaml",
        "--json",
      )
      assert.strictEqual(explained.code, 0, explained.stderr)
      assert.deepInclude(JSON.parse(explained.stdout).settings, { baseMillis: 300, jitter: 0 })
      const limited = yield* formaeAs({}, { FORMAE_PLUGIN_FAKE_AWS_VERSION: "^7" })("plugins", "--config", "named.yaml")
      assert.notMatch(limited.stdout, /fake-aws/)
      assert.include(limited.stderr, "is not one of ^7, which FORMAE_PLUGIN_FAKE_AWS_VERSION allows alone")
      write("shop.yaml", shop)
      write(
        "disabling.yaml",
        "plugin:\n  fake-aws:\n    enabled: false\n    environment: { TOKEN: { env: FORMAE_NO_SUCH } }\n",
      )
      const unset = yield* formaeAs({})("plan", "shop.yaml", "--config", "disabling.yaml")
      assert.strictEqual(unset.code, 2)
      assert.include(
        unset.stderr,
        "disabling.yaml:4:5 plugin.fake-aws.environment.TOKEN: the environment variable FORMAE_NO_SUCH is not set",
      )
      const disabled = yield* formaeAs({}, { FORMAE_NO_SUCH: "x" })("plan", "shop.yaml", "--config", "disabling.yaml")
      assert.notStrictEqual(disabled.code, 0)
      assert.include(disabled.stderr, "is disabled by disabling.yaml:3:5. To use it, enable it there")
      const misspelt = yield* formaeAs({}, { FORMAE_OPERATOR_RETRY_MAXRETRIES: secret })(
        "policy",
        "explain",
        "--config",
        "named.yaml",
      )
      assert.strictEqual(misspelt.code, 2)
      assert.strictEqual(
        misspelt.stderr,
        "The environment variable FORMAE_OPERATOR_RETRY_MAXRETRIES: sets nothing; did you mean FORMAE_OPERATOR_RETRY_MAX_RETRIES?\n",
      )
    }),
  )
})
