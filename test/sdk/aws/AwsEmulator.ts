/** An emulator and the plugin's clients, for a suite of tests. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { plugin } from "../../../plugins/aws/src/plugin.ts"
import type { Emulator } from "../emulators/Emulator.ts"
import { moto } from "../emulators/moto.ts"

export class AwsEmulator extends Context.Service<AwsEmulator, Emulator>()("formae/test/sdk/aws/AwsEmulator") {}

export const emulated = <E>(emulator: Effect.Effect<Emulator, E, Scope.Scope>) =>
  Layer.merge(Layer.effect(AwsEmulator, emulator), plugin.layer)

export const emulatedByMoto = emulated(moto.pipe(Effect.provide([NodeServices.layer, FetchHttpClient.layer])))
