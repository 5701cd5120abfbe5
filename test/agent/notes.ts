/** A plugin with one type whose resources are in memory, and an agent with it whose inventory can be made to fail. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { CommandJournal } from "../../src/agent/records/CommandJournal.ts"
import { Inventory } from "../../src/agent/records/Inventory.ts"
import { OperationJournal } from "../../src/agent/records/OperationJournal.ts"
import { StateOwnership } from "../../src/agent/records/StateOwnership.ts"
import * as Store from "../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../src/plugin/index.ts"
import { NativeId, Namespace, ResourceType } from "../../src/protocol/Identity.ts"
import type { InProcessPlugin } from "../../src/protocol/InProcessPlugin.ts"
import type { Properties } from "../../src/protocol/Resource.ts"
import { layerOnRecords } from "./layerOnRecords.ts"

const properties = Schema.Struct({
  Text: Schema.optionalKey(Schema.String),
  Hint: Property.writeOnly(Schema.optionalKey(Schema.String)),
  /** Returned by reads although it is a secret. */
  Secret: Property.opaque(Schema.optionalKey(Schema.String)),
  /** Derived from the text, so that an update changes what others refer to. */
  Digest: Property.output(Schema.String),
})
type Note = typeof properties.Type

export interface NotesOptions {
  /** Runs before a create makes anything. */
  readonly beforeCreate?: (label: string) => Effect.Effect<void>
  /** Runs before a read answers. */
  readonly beforeRead?: Effect.Effect<void>
  /** Runs when a delete has deleted its note, before it answers. */
  readonly afterDelete?: Effect.Effect<void>
  /** Whether the provider only accepts a create, which is then done once `finish` has run. */
  readonly accepts?: (label: string) => boolean
  /** Whether the provider refuses an update. */
  readonly refuses?: (label: string) => boolean
  /** Whether an update answers from what the agent says that it has read. */
  readonly answersFromLastRead?: boolean
}

export const makeNotes = ({
  accepts = () => false,
  afterDelete = Effect.void,
  answersFromLastRead = false,
  beforeCreate = () => Effect.void,
  beforeRead = Effect.void,
  refuses = () => false,
}: NotesOptions = {}) => {
  const notes = new Map<string, Note>()
  const calls: Array<string> = []
  const reads: Array<string> = []
  const lastReads: Array<Properties | undefined> = []
  let isFinished = false
  const returned = (note: Note): Properties => ({
    ...Struct.omit(note, ["Hint"]),
    Digest: `digest of ${note.Text}`,
  })
  const Note = defineResource({
    type: "Notes::Of::Note",
    idempotency: "none",
    target: Schema.Struct({}),
    properties,
    takesLastRead: true,
    create: ({ label, properties }) =>
      Effect.gen(function* () {
        yield* beforeCreate(label)
        calls.push(`create ${label}`)
        const nativeId = `note-${notes.size + 1}`
        notes.set(nativeId, properties)
        return accepts(label)
          ? Answer.inProgress({ requestId: "never", nativeId })
          : Answer.succeeded({ nativeId, properties: returned(properties) })
      }),
    status: ({ nativeId = NativeId.make("nothing") }) => {
      const note = notes.get(nativeId)
      return isFinished && note !== undefined
        ? Effect.succeed(Answer.succeeded({ nativeId, properties: returned(note) }))
        : Effect.never
    },
    read: ({ label, nativeId }) => {
      reads.push(label)
      const note = notes.get(nativeId)
      const found =
        note === undefined
          ? Effect.fail(ProviderError.of("NotFound", "there is no such note"))
          : Effect.succeed(returned(note))
      return Effect.andThen(beforeRead, found)
    },
    update: ({ desired, label, lastRead, nativeId }) =>
      Effect.suspend(() => {
        lastReads.push(lastRead)
        calls.push(`update ${label} to ${JSON.stringify(desired)}`)
        if (refuses(label)) return Effect.fail(ProviderError.of("AccessDenied", "notes are read only"))
        if (!notes.has(nativeId)) return Effect.fail(ProviderError.of("NotFound", "there is no such note"))
        notes.set(nativeId, desired)
        const { Secret: _, ...told } = returned(desired)
        const properties = answersFromLastRead ? { ...lastRead, ...told } : returned(desired)
        return Effect.succeed(Answer.succeeded({ nativeId, properties }))
      }),
    delete: ({ nativeId }) =>
      Effect.as(
        Effect.andThen(
          Effect.sync(() => notes.delete(nativeId)),
          afterDelete,
        ),
        Answer.deleted(nativeId),
      ),
  })
  const plugin = inProcess(definePlugin({ name: "notes", namespace: "Notes", version: "1.0.0", types: [Note] }))
  const finish = Effect.sync(() => void (isFinished = true))
  return { calls, finish, lastReads, notes, plugin, reads }
}

export const formaOfNotes = (notes: Readonly<Record<string, Properties>>) => ({
  name: "notes",
  targets: { here: { namespace: Namespace.make("Notes") } },
  resources: Object.entries(notes).map(([label, properties]) => ({
    label,
    type: ResourceType.make("Notes::Of::Note"),
    target: "here",
    properties,
  })),
})

type Wrap = (inventory: Inventory["Service"]) => Inventory["Service"]

/** An agent with `plugin`, whose inventory is wrapped by `wrap`. */
export const layerNotes = (plugin: InProcessPlugin, wrap: Wrap = (inventory) => inventory) => {
  const inventory = Layer.effect(Inventory, Effect.map(Inventory, wrap)).pipe(Layer.provide(Inventory.layerNoDeps))
  return layerOnRecords.pipe(
    Layer.provide([OperationJournal.layerNoDeps, CommandJournal.layerNoDeps]),
    Layer.provideMerge(inventory),
    Layer.provide(StateOwnership.layer),
    Layer.provide([Store.layerMemory, PluginCoordinator.layerInProcess([plugin])]),
  )
}
