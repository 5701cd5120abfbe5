/** A state of AWS that formae 0.1.0 wrote, opened by the present formae. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeFolder } from "../../process/formaeCommand.ts"
import { decodeResult, resultOf } from "../../process/jsonOutput.ts"
import { bringOldState } from "../../process/store/oldState.ts"
import { dynalite } from "../emulators/dynalite.ts"
import { fauxqs } from "../emulators/fauxqs.ts"

const hostOf = (endpoint: string) => endpoint.replace("http://", "")

describe("a state of 0.1.0 with resources of AWS", () => {
  it.live("plans and applies nothing, and all of it can be destroyed", () =>
    Effect.gen(function* () {
      const messages = hostOf((yield* fauxqs).endpoint)
      const tables = hostOf((yield* dynalite(20)).endpoint)
      const { at, formae: command } = yield* makeFolder
      const formae = (...args: ReadonlyArray<string>) => command(...args, "--trust", ".")
      bringOldState("0.1.0", "aws", at, { messages, tables })
      const run = (...command: ReadonlyArray<string>) => Effect.flatMap(formae(...command, "--json"), resultOf)
      // The clouds are new: another state makes what the old one has.
      const made = yield* run("apply", "aws.yaml", "--state", "another.db")
      assert.strictEqual(made.status, "apply succeeded")

      const { resources } = yield* Effect.flatMap(formae("inventory", "--json"), ({ stdout }) => decodeResult(stdout))
      assert.deepEqual(
        resources.map(({ label, nativeId }) => `${label} ${nativeId}`),
        [
          "news arn:aws:sns:eu-west-1:000000000000:news",
          "news-america arn:aws:sns:us-east-1:000000000000:news",
          "orders orders",
          `work http://sqs.eu-west-1.${messages}/000000000000/work`,
        ],
      )
      const labels = ["news", "news-america", "work", "orders"]
      const all = (operation: string) => labels.map((label) => `${label} ${operation}`)
      assert.deepEqual(yield* run("plan", "aws.yaml"), { status: "plan planned", resources: all("noop") })
      assert.deepEqual(yield* run("apply", "aws.yaml"), { status: "apply succeeded", resources: all("noop") })

      const destroyed = yield* run("destroy", "aws.yaml")
      assert.strictEqual(destroyed.status, "destroy succeeded")
      assert.sameMembers([...destroyed.resources], all("delete"))
      // The other state, which had the same things, finds them gone.
      assert.deepEqual((yield* run("plan", "aws.yaml", "--state", "another.db")).resources, all("create"))
    }),
  )
})
