/** The question before an apply and a destroy, at a terminal. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { realpathSync } from "node:fs"
import { join } from "node:path"
import { needs } from "../needs.ts"
import { answering } from "./atTerminal.ts"
import { makeFolder } from "./formaeCommand.ts"
import { decodeResult, resultOf } from "./jsonOutput.ts"
import { canary, shop } from "./shopDocument.ts"

const green = "\u001b[32m"

describe("an apply and a destroy at a terminal", needs("python3"), () => {
  it.live("show what they are going to do, in its width and in colors, and do nothing after a no", () =>
    Effect.gen(function* () {
      const { at, beginScript, formae, has, write } = yield* makeFolder
      const answer = (text: string, command: string, from = ".") =>
        Effect.flatMap(
          beginScript(
            `mkdir -p ${from}; cd ${from}; TERM=xterm ${answering(text)} bash -c 'stty cols 60; exec '"$formae"' ${command}'`,
          ),
          ({ ended }) => ended,
        )
      write("shop.yaml", shop)

      const declined = yield* answer("n", "apply shop.yaml")
      assert.strictEqual(declined.code, 2, declined.stdout)
      assert.include(declined.stdout, "Nothing of the plan for shop was done, because the answer was no")
      assert.include(declined.stdout, `${green}     + \u001b[39mSecretString: (secret)`)
      assert.notInclude(declined.stdout, canary)
      assert.include(declined.stdout, "3 to create")
      // The longest type does not fit beside the others.
      assert.match(declined.stdout, /^.*password  FakeAWS:.*….*$/m)
      assert.isFalse(has("cloud.db"))
      const listed = yield* Effect.flatMap(formae("inventory", "--json"), resultOf)
      assert.deepEqual(listed, { status: "inventory succeeded", resources: [] })

      const applied = yield* answer("y", "apply shop.yaml")
      assert.strictEqual(applied.code, 0, applied.stdout)
      assert.include(applied.stdout, "[y/N]")
      assert.include(applied.stdout, "3 created")
      const again = yield* answer("n", "apply shop.yaml")
      assert.strictEqual(again.code, 0, again.stdout)
      assert.notInclude(again.stdout, "[y/N]")

      assert.notInclude(again.stdout, "folder above")
      const mistyped = yield* answer("y", "destroy ../shop.yaml", "below")
      assert.strictEqual(mistyped.code, 2, mistyped.stdout)
      const screen = mistyped.stdout.replaceAll(/\s+/g, " ")
      const above = join(realpathSync(at(".")), ".formae", "state.db")
      assert.lengthOf(screen.split(`Uses the state of a folder above this one: ${above}`), 2, screen)
      assert.include(screen, ` The state is that of a folder above this one: ${above} To do it, type the name`)
      assert.include(mistyped.stdout, "type the name of the document")
      assert.include(mistyped.stdout, "3 to delete")
      const destroyed = yield* answer("shop", "destroy shop.yaml")
      assert.strictEqual(destroyed.code, 0, destroyed.stdout)
      assert.include(destroyed.stdout, "3 deleted")

      const unasked = yield* answer("n", "apply shop.yaml --yes")
      assert.strictEqual(unasked.code, 0, unasked.stdout)
      assert.notInclude(unasked.stdout, "[y/N]")
      assert.include(unasked.stdout, "3 to create")
    }),
  )

  it.live("a no is an error in JSON, and a plan may tell by its exit code what there is to do", () =>
    Effect.gen(function* () {
      const { beginScript, formae, textOf, write } = yield* makeFolder
      write("shop.yaml", shop)
      const begun = yield* beginScript(`${answering("n")} bash -c "$formae apply shop.yaml --json > out.json"`)
      const { code, stdout } = yield* begun.ended
      assert.strictEqual(code, 2, stdout)
      const { error, status } = yield* decodeResult(textOf("out.json"))
      assert.deepEqual([status, error?.code], ["refused", "NotConfirmed"])

      const detailed = ["plan", "shop.yaml", "--detailed-exitcode"] as const
      assert.strictEqual((yield* formae(...detailed)).code, 3)
      assert.strictEqual((yield* formae("plan", "shop.yaml")).code, 0)
      assert.strictEqual((yield* formae("apply", "shop.yaml")).code, 0)
      assert.strictEqual((yield* formae(...detailed)).code, 0)
      write("shop.yaml", "resources: 1")
      assert.strictEqual((yield* formae(...detailed)).code, 2)
    }),
  )
})
