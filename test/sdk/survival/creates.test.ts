/** P3 with real SDKs: creates that are cut off by a crash or by the network, at the moments that matter. */
import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AwsEmulator } from "../aws/AwsEmulator.ts"
import { none } from "../emulators/faultProxy.ts"
import { oneIn } from "../../shortForm.ts"
import { moto, needsMoto } from "../emulators/moto.ts"
import { cutOff, deathOfPlugin, deaths } from "./cutOff.ts"
import { onMoto, onOthers, type SlowSubject, type Subject } from "./subjects.ts"

const layerMoto = Layer.effect(AwsEmulator, moto)

/** The provider has carried out the create, and its answer is lost. */
const unanswered = <R>(subject: Subject<R>) => [
  ...deaths.map((death) => ({
    name: `${subject.type}: ${death.name}, when the create is done but not answered`,
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

/** The provider has accepted the create and is working on it. */
const accepted = <R>(subject: SlowSubject<R>) =>
  deaths.map((death) => ({
    name: `${subject.type}: ${death.name}, when the create is accepted but not done`,
    run: Effect.gen(function* () {
      const before = Array.from({ length: subject.readsOfCreate }, () => none)
      // The first read after those of the create itself proves that the agent's journal has the request id.
      const cut = cutOff(subject, (proxy) => proxy.on(subject.reads, ...before, { _tag: "HoldsAnswer" }), death)
      assert.strictEqual(yield* cut, 1)
    }),
  }))

/** The provider has not received the create. */
const unsent = <R>(subject: Subject<R>) => ({
  name: `${subject.type}: ${deathOfPlugin.name}, before the create reaches the provider`,
  run: Effect.gen(function* () {
    const creates = yield* cutOff(subject, (proxy) => proxy.on(subject.creates, { _tag: "Hangs" }), deathOfPlugin)
    assert.strictEqual(creates, 2)
  }),
})

const casesOf = <R>({
  quick,
  slow,
}: {
  readonly slow: ReadonlyArray<SlowSubject<R>>
  readonly quick: ReadonlyArray<Subject<R>>
}) => [
  ...slow.map(unsent),
  ...slow.flatMap(accepted),
  ...slow.flatMap(unanswered),
  // The short form takes every eighth of these, the long form all.
  ...oneIn(8, quick.flatMap(unanswered)),
]

describe("P3: one resource and one operation, whatever cuts off the create", () => {
  for (const { name, run } of casesOf(onOthers)) it.live(name, () => run)
})

describe("with moto", needsMoto, () => {
  layer(layerMoto, { excludeTestServices: true, timeout: "60 seconds" })(
    "P3: one resource and one operation, whatever cuts off the create",
    (it) => {
      for (const { name, run } of casesOf(onMoto)) it.effect(name, () => run)
    },
  )
})
