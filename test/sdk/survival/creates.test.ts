/** P3 with real SDKs: creates that are cut off by a death or a network, at the moments that matter. */
import { assert, describe, it, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { AwsEmulator } from "../aws/AwsEmulator.ts"
import { none } from "../emulators/faultProxy.ts"
import { oneIn } from "../../shortForm.ts"
import { moto, needsMoto } from "../emulators/moto.ts"
import { cutOff, deathOfPlugin, deaths } from "./cutOff.ts"
import { onMoto, onOthers, type Slow, type Subject } from "./subjects.ts"

const layerMoto = Layer.effect(AwsEmulator, moto).pipe(Layer.provide([NodeServices.layer, FetchHttpClient.layer]))

/** The provider has done it, and nobody hears of it. */
const unheard = <R>(subject: Subject<R>) => [
  ...deaths.map((death) => ({
    name: `${subject.type}: ${death.name}, when it is done and not answered`,
    run: Effect.gen(function* () {
      const creates = yield* cutOff(subject, (proxy) => proxy.on(subject.creates, { _tag: "HoldsAnswer" }), death)
      assert.strictEqual(creates, subject.sent.afterDeath)
    }),
  })),
  {
    name: `${subject.type}: the network loses the answer`,
    run: Effect.gen(function* () {
      const creates = yield* cutOff(subject, (proxy) => proxy.on(subject.creates, { _tag: "LosesAnswer" }), undefined)
      assert.strictEqual(creates, subject.sent.afterLoss)
    }),
  },
]

/** The provider has accepted it, and works on it. */
const accepted = <R>(subject: Slow<R>) =>
  deaths.map((death) => ({
    name: `${subject.type}: ${death.name}, when it is accepted and not done`,
    run: Effect.gen(function* () {
      const before = Array.from({ length: subject.looksOfCreate }, () => none)
      // The first look that is no part of the create comes of what the agent knows: its journal has the request id.
      const cut = cutOff(subject, (proxy) => proxy.on(subject.looks, ...before, { _tag: "HoldsAnswer" }), death)
      assert.strictEqual(yield* cut, 1)
    }),
  }))

/** The provider has not heard of it. */
const unsent = <R>(subject: Subject<R>) => ({
  name: `${subject.type}: ${deathOfPlugin.name}, before the create has come to the provider`,
  run: Effect.gen(function* () {
    const creates = yield* cutOff(subject, (proxy) => proxy.on(subject.creates, { _tag: "Hangs" }), deathOfPlugin)
    assert.strictEqual(creates, 2)
  }),
})

const casesOf = <R>({
  quick,
  slow,
}: {
  readonly slow: ReadonlyArray<Slow<R>>
  readonly quick: ReadonlyArray<Subject<R>>
}) => [
  ...slow.map(unsent),
  ...slow.flatMap(accepted),
  ...slow.flatMap(unheard),
  // One of the ways for each type, another one for the next; all of them in the long form.
  ...oneIn(4, quick.flatMap(unheard)),
]

describe("P3: one resource and one operation, whatever cuts a create off", () => {
  for (const { name, run } of casesOf(onOthers)) it.live(name, () => run)
})

describe("with moto", needsMoto, () => {
  layer(layerMoto, { excludeTestServices: true, timeout: "60 seconds" })(
    "P3: one resource and one operation, whatever cuts a create off",
    (it) => {
      for (const { name, run } of casesOf(onMoto)) it.effect(name, () => run)
    },
  )
})
