import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { Agent } from "../../src/agent/Agent.ts"
import type { ConfirmRequest } from "../../src/agent/commands/Confirmation.ts"
import { planDoesSomething } from "../../src/agent/commands/doesSomething.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { formaOf, layerAgent, makeShop, nativeIdOf, type Resources } from "./shop.ts"

const canary = "canary-po-77"
const later = "canary-po-78"

const network = (cidr: string, description: string): Resources => ({
  net: ["FakeAWS::EC2::VPC", { CidrBlock: cidr }],
  key: ["FakeAWS::SecretsManager::Secret", { Name: "key", SecretString: "x", Description: { $secret: description } }],
})

const makeNetwork = Effect.gen(function* () {
  const agent = yield* Agent
  const shop = yield* makeShop
  const forma = (outputs: Properties, cidr = "10.0.0.0/16", description = canary) => ({
    ...formaOf("shop", shop.target(), network(cidr, description)),
    outputs,
  })
  return { ...shop, agent, forma }
})

const outputs: Properties = {
  vpc: { $ref: "net.VpcId" },
  text: { $text: "in ${net.CidrBlock}" },
  key: { $ref: "key.Description" },
  word: "one",
  nothing: null,
}

describe("a plan", () => {
  it.effect("says which outputs are new, changed, gone and known only later, and shows no secret", () =>
    Effect.gen(function* () {
      const { agent, forma } = yield* makeNetwork
      const first = yield* agent.plan(forma(outputs))
      assert.deepEqual<unknown>(first.outputChanges, [
        { path: "/vpc", after: { $ref: "net.VpcId" }, knownLater: true },
        { path: "/text", after: { $text: "in ${net.CidrBlock}" }, knownLater: true },
        { path: "/key", after: { secret: true }, secret: true, knownLater: true },
        { path: "/word", after: "one" },
        { path: "/nothing", after: null },
      ])
      const applied = yield* agent.apply(forma(outputs))
      const vpc = nativeIdOf(applied, "net")
      assert.notProperty(yield* agent.plan(forma(outputs)), "outputChanges")
      assert.isFalse(planDoesSomething(yield* agent.plan(forma(outputs))))
      const { text: _, ...rest } = outputs
      const planned = yield* agent.plan(forma({ ...rest, word: "two", more: { $ref: "net.CidrBlock" } }))
      assert.deepEqual<unknown>(planned.outputChanges, [
        { path: "/word", before: "one", after: "two" },
        { path: "/more", after: "10.0.0.0/16" },
        { path: "/text", before: "in 10.0.0.0/16" },
      ])
      assert.isTrue(planDoesSomething(planned))
      const replaced = yield* agent.plan(forma(outputs, "10.7.0.0/16", later))
      assert.deepEqual<unknown>(replaced.outputChanges, [
        { path: "/vpc", before: vpc, after: { $ref: "net.VpcId" }, knownLater: true },
        { path: "/text", before: "in 10.0.0.0/16", after: { $text: "in ${net.CidrBlock}" }, knownLater: true },
        { path: "/key", before: { secret: true }, after: { secret: true }, secret: true, knownLater: true },
      ])
      const open = yield* agent.plan(forma({ ...outputs, key: "open", word: { $secret: later } }))
      assert.deepEqual<unknown>(open.outputChanges, [
        { path: "/key", before: { secret: true }, after: "open", secretBefore: true },
        { path: "/word", before: { secret: true }, after: { secret: true }, secret: true },
      ])
      for (const hidden of [canary, later]) assert.notInclude(JSON.stringify([first, planned, replaced, open]), hidden)
      const screen = linesToWrite(formatResult(replaced, ["shop"]), false).join("\n")
      assert.include(screen, `Outputs:\n     ~ vpc: "${vpc}" → (known after apply: net.VpcId)\n`)
      assert.include(screen, "     ~ key: (secret) → (secret)\n")
      assert.match(screen, /\n1 to update, 1 to replace, 3 outputs to change$/)
      const limited = yield* agent.plan(forma({ ...rest, word: "two" }, "10.7.0.0/16", later), { only: ["key"] })
      assert.deepEqual(
        limited.outputChanges?.map(({ path }) => path),
        ["/key", "/word"],
      )
    }).pipe(Effect.provide(layerAgent())),
  )

  it.effect("is asked for with its outputs, also where nothing else changes", () =>
    Effect.gen(function* () {
      const { agent, forma } = yield* makeNetwork
      yield* agent.apply(forma({ ...outputs, gone: "g" }))
      const asked: Array<ConfirmRequest> = []
      const confirm = (request: ConfirmRequest) => Effect.as(TestClock.adjust("1 minute"), asked.push(request) > 0)
      const changed = forma({ ...outputs, word: "two" })
      const confirmed = yield* agent.apply(changed, { confirm })
      assert.deepEqual<unknown>(confirmed.outputs?.["word"], { value: "two" })
      yield* agent.apply(changed, { confirm })
      assert.deepEqual<unknown>(
        asked.map(({ outputChanges }) => outputChanges),
        [
          [
            { path: "/word", before: "one", after: "two" },
            { path: "/gone", before: "g" },
          ],
        ],
      )
      yield* Effect.flip(agent.destroy("shop", { confirm: (request) => Effect.as(confirm(request), false) }))
      assert.deepEqual(
        asked[1]?.outputChanges?.map(({ after, path }) => `${path} ${after}`),
        ["/vpc undefined", "/text undefined", "/key undefined", "/word undefined", "/nothing undefined"],
      )
    }).pipe(Effect.provide(layerAgent())),
  )
})
