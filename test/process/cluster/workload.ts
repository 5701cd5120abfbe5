/** Clients, each with a document of its own, which is applied again and again and is another one each time. */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Agent } from "../../../src/agent/Agent.ts"
import type { ChangeEvent } from "../../../src/agent/apply/ChangeEvent.ts"
import type { CommandResult } from "../../../src/agent/commands/CommandResult.ts"
import { formaOf, type Resources } from "../../agent/shop.ts"

export interface Wanted {
  readonly resources: Resources
  /** How long a create takes to be ready. */
  readonly settleMillis: number
  /** How long an update or a delete takes. */
  readonly changeMillis: number
}

const pick = <A>(all: ReadonlyArray<A>) => Effect.orDie(Random.choice(all))

const tagged = (value: string) => [{ Key: "of", Value: value }]

/** What is replaced, what is updated, and what is there or not. One for each kind of idempotency that needs no human. */
const drawResources = Effect.fnUntraced(function* (name: string) {
  const tag = yield* pick(["red", "green", "blue"])
  const present = yield* Effect.forEach([1, 2, 3], () => Random.nextBoolean)
  const always: Resources = {
    net: ["FakeAWS::EC2::VPC", { CidrBlock: yield* pick(["10.0.0.0/16", "10.2.0.0/16"]) }],
    block: ["FakeAWS::EC2::VPCCidrBlock", { VpcId: { $ref: "net.VpcId" }, CidrBlock: "10.1.0.0/16" }],
    logs: ["FakeAWS::S3::Bucket", { BucketName: `logs-${name}`, Tags: tagged(tag) }],
  }
  const sometimes: Resources = {
    files: ["FakeAWS::S3::Bucket", { BucketName: `files-${name}`, Tags: tagged(tag) }],
    web: ["FakeAWS::EC2::Instance", { ImageId: "ami-1", InstanceType: "t3.micro", Tags: tagged(tag) }],
    password: ["FakeAWS::SecretsManager::Secret", { Name: name, SecretString: "hunter2", Tags: tagged(tag) }],
  }
  const chosen = Object.entries(sometimes).filter((_, index) => present[index])
  return { ...always, ...Object.fromEntries(chosen) } satisfies Resources as Resources
})

const drawWanted = Effect.fnUntraced(function* (name: string) {
  return {
    resources: yield* drawResources(name),
    settleMillis: yield* pick([0, 300, 1_500]),
    changeMillis: yield* pick([0, 400]),
  } satisfies Wanted as Wanted
})

const manyTimes = 1_000_000

/** The whole document. */
export const documentOf = (name: string, cloud: string, { changeMillis, resources, settleMillis }: Wanted) => {
  const slow = (operation: string) => ({
    operation,
    when: "before",
    action: "delay",
    millis: changeMillis,
    times: manyTimes,
  })
  const faults = changeMillis === 0 ? [] : [slow("update"), slow("delete")]
  return formaOf(name, { cloud, region: "eu-west-1", settleMillis, faults }, resources)
}

/** One in so many commands deletes everything. */
const destroyed = 6

export interface Client {
  readonly name: string
  /** How many commands it has seen the end of. */
  readonly commands: number
  /** How long the longest of them took, in milliseconds. */
  readonly longestMillis: number
  /** The document that it has applied last. */
  readonly last: Wanted
}

const outcomeOf = ({ error, resources, status }: CommandResult) =>
  JSON.stringify([status, error, ...resources.flatMap((one) => (one.error === null ? [] : [one.label, one.error]))])

/** Applies another document, and another one, until it is told to end. The last one is never empty. */
export const runClient = (
  agent: Agent["Service"],
  { cloud, isOver, name, seed }: { cloud: string; isOver: () => boolean; name: string; seed: string },
) =>
  Effect.gen(function* () {
    let commands = 0
    let longestMillis = 0
    const run = Effect.fnUntraced(function* (
      command: (observe: (event: ChangeEvent) => Effect.Effect<void>) => ReturnType<Agent["Service"]["apply"]>,
    ) {
      /** How each change ended, as it was told. */
      const finished = new Map<string, ReadonlyArray<string>>()
      const observe = (event: ChangeEvent) =>
        Effect.sync(() => {
          if (event._tag !== "Finished") return
          const { error, label, operation, status } = event.result
          const told = error === null ? `${operation} ${status}` : `${operation} ${error.code}: ${error.message}`
          finished.set(label, [...(finished.get(label) ?? []), told])
        })
      const began = performance.now()
      const result = yield* command(observe)
      longestMillis = Math.max(longestMillis, performance.now() - began)
      commands += 1
      assert.strictEqual(result.status, "succeeded", `command ${commands} on ${name}: ${outcomeOf(result)}`)
      const told = result.resources.map(({ label }) => [label, ...(finished.get(label) ?? [])])
      assert.deepEqual(
        told.filter(({ length }) => length !== 2),
        [],
        `command ${commands} on ${name}: each change is told once`,
      )
    })
    let last: Wanted
    do {
      if ((yield* Random.nextIntBetween(0, destroyed)) === 0) {
        yield* run((observe) => agent.destroy(name, { observe }))
      }
      last = yield* drawWanted(name)
      const forma = documentOf(name, cloud, last)
      yield* run((observe) => agent.apply(forma, { observe }))
    } while (!isOver())
    return { name, commands, longestMillis, last } satisfies Client as Client
  }).pipe(Random.withSeed(`${seed} ${name}`))
