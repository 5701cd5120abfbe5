/** Says how a document could state things that exist. Reads them, and changes nothing. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { namespaceOf } from "../../protocol/Identity.ts"
import type { Forma } from "../forma/Forma.ts"
import { Label } from "../forma/FormaDocument.ts"
import { Inventory } from "../records/Inventory.ts"
import { withoutSecrets } from "../secrets/Seals.ts"
import { PluginCoordinator } from "../supervision/PluginCoordinator.ts"
import type { DraftedResource } from "./DraftedResource.ts"
import { type Drafted, draftProperties } from "./draftProperties.ts"
import { type Referable, withReferences } from "./draftReferences.ts"
import { type LookError, makeImportLook, refuseImport, refuseTwins, type SeenThing } from "./ImportLook.ts"
import type { ThingToImport } from "./ImportRefused.ts"

const decodeLabel = Schema.decodeResult(Label)

export const makeImportDraft = Effect.gen(function* () {
  const coordinator = yield* PluginCoordinator
  const inventory = yield* Inventory
  const look = yield* makeImportLook

  /** The resources of the document that exist. Of a type that cannot be asked about, only the id is known. */
  const referableRows = Effect.fnUntraced(function* (forma: Forma) {
    const labels = new Set(forma.resources.map(({ label }) => label))
    const rows = (yield* inventory.list(forma.name)).filter(({ label }) => labels.has(label))
    return yield* Effect.forEach(rows, ({ actual, dependsOn, label, nativeId, type }) =>
      Effect.map(
        Effect.orElseSucceed(coordinator.capabilities(namespaceOf(type)), () => undefined),
        (types): Referable => ({ actual, dependsOn, label, nativeId, outputs: outputsIn(types?.get(type)) }),
      ),
    )
  })

  return Effect.fn("Agent.draftImport")(function* (
    forma: Forma,
    things: ReadonlyArray<ThingToImport>,
  ): Effect.fn.Return<ReadonlyArray<DraftedResource>, LookError> {
    yield* refuseTwins(things)
    for (const thing of things) {
      const decoded = decodeLabel(thing.label)
      if (decoded._tag === "Failure") {
        return yield* refuseImport(thing, { _tag: "LabelInvalid", expected: decoded.failure.message })
      }
      if (forma.resources.some(({ label }) => label === thing.label)) {
        return yield* refuseImport(thing, { _tag: "LabelTaken" })
      }
    }
    const seen = yield* Effect.forEach(things, (thing) => look(forma.name, forma.targets, thing), {
      concurrency: looksAtOnce,
    })
    const drafts = yield* Effect.forEach(seen, (one) => {
      const drafted = draftProperties(one.actual, one.capabilities)
      return drafted.notWritable === undefined
        ? Effect.succeed({ one, drafted })
        : Effect.fail(refuseImport(one, { _tag: "NotWritable", property: drafted.notWritable }))
    })
    const referred = withReferences(drafts.map(draftOf), yield* referableRows(forma))
    return drafts.map(({ drafted, one: { label, nativeId, target, type } }) => ({
      label,
      type,
      target,
      nativeId,
      properties: referred.get(label) ?? drafted.properties,
      secrets: drafted.secrets,
    }))
  })
})

const outputsIn = (capabilities: SeenThing["capabilities"] | undefined): ReadonlySet<string> =>
  new Set(Object.entries(capabilities?.properties ?? {}).flatMap(([name, { output }]) => (output ? [name] : [])))

const draftOf = ({ drafted, one }: { readonly drafted: Drafted; readonly one: SeenThing }) => ({
  label: one.label,
  nativeId: one.nativeId,
  actual: withoutSecrets(one.actual, one.capabilities),
  outputs: outputsIn(one.capabilities),
  dependsOn: [],
  properties: drafted.properties,
})

/** How many things are looked at side by side. */
export const looksAtOnce = 8
