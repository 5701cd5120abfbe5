/** An agent with a provider in memory that notes each change: shelves with items of three kinds. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Agent } from "../../../src/agent/Agent.ts"
import { Forma, type FormaInput } from "../../../src/agent/forma/Forma.ts"
import type { DestroyedForma } from "../../../src/agent/plan/Planner.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { Answer, definePlugin, defineResource, inProcess, Property, ProviderError } from "../../../src/plugin/index.ts"

interface Item {
  readonly Name: string
  readonly Size?: number
}

const Target = Schema.Struct({
  shelf: Property.identity(Schema.String),
  key: Schema.optionalKey(Schema.String),
})

/** A shelf can be named in two ways. */
const shelfOf = ({ shelf }: typeof Target.Type) => shelf.replace(/^\.\//, "")

const properties = Schema.Struct({
  Name: Property.createOnly(Schema.String),
  Size: Schema.optionalKey(Schema.Int),
})

/**
 * `Named`: the plugin says which thing a create would make, and the provider
 * refuses a second one. `Blind`: a create replaces what is there, as a policy of a
 * bucket is replaced, and the plugin does not say so. `Numbered`: the provider
 * chooses the native id.
 */
export type Kind = "Named" | "Blind" | "Numbered"

export const makeShelf = Effect.sync(() => {
  const items = new Map<string, Item>()
  const log: Array<string> = []
  /** The key that opens each shelf; any key where there is none. */
  const keys = new Map<string, string>()
  /** What the provider answers in place of the native id. */
  const answers = new Map<string, string>()
  let count = 0

  const open = (target: typeof Target.Type) => {
    const key = keys.get(shelfOf(target))
    return key === undefined || key === target.key
      ? Effect.void
      : Effect.fail(ProviderError.of("InvalidCredentials", `the shelf ${target.shelf} has another key`))
  }
  const answer = (nativeId: string, properties: Item) =>
    Answer.succeeded({ nativeId: answers.get(nativeId) ?? nativeId, properties: { ...properties } })
  const notFound = (nativeId: string) => ProviderError.of("NotFound", `${nativeId} does not exist`)

  const define = (kind: Kind) => {
    const idempotency = kind === "Numbered" ? "token" : "name"
    return defineResource({
      type: `Shelf::${kind}::Item`,
      properties,
      target: Target,
      idempotency,
      create: ({ properties, target }) =>
        Effect.gen(function* () {
          yield* open(target)
          const nativeId = kind === "Numbered" ? `n-${++count}` : properties.Name
          const place = `${shelfOf(target)}/${kind}/${nativeId}`
          log.push(`create ${nativeId}`)
          if (kind === "Named" && items.has(place)) {
            return yield* ProviderError.of("AlreadyExists", `${nativeId} exists already`)
          }
          items.set(place, properties)
          return answer(nativeId, properties)
        }),
      read: ({ nativeId, target }) =>
        Effect.gen(function* () {
          yield* open(target)
          const found = items.get(`${shelfOf(target)}/${kind}/${nativeId}`)
          return found === undefined ? yield* notFound(nativeId) : { ...found }
        }),
      update: ({ desired, nativeId, target }) =>
        Effect.gen(function* () {
          yield* open(target)
          log.push(`update ${nativeId}`)
          items.set(`${shelfOf(target)}/${kind}/${nativeId}`, desired)
          return answer(nativeId, desired)
        }),
      delete: ({ nativeId, target }) =>
        Effect.gen(function* () {
          yield* open(target)
          log.push(`delete ${nativeId}`)
          items.delete(`${shelfOf(target)}/${kind}/${nativeId}`)
          return Answer.deleted(nativeId)
        }),
      identify: ({ properties: { Name }, target }) =>
        Effect.succeed({ place: shelfOf(target), nativeId: kind === "Named" ? Name : undefined }),
    })
  }
  const plugin = definePlugin({
    name: "shelf",
    namespace: "Shelf",
    version: "1.0.0",
    types: [define("Named"), define("Blind"), define("Numbered")],
  })
  return { items, keys, answers, log, plugin }
})

/** Resources as `label: kind name [size]`, with targets by name and key. */
export const document = (
  name: string,
  resources: Readonly<Record<string, readonly [kind: Kind, name: string, size?: number]>>,
  more: Partial<FormaInput> = {},
) =>
  Forma.make({
    name,
    targets: { shelf: { namespace: "Shelf", config: { shelf: "one" } } },
    resources: Object.entries(resources).map(([label, [kind, Name, Size]]) => ({
      label,
      type: `Shelf::${kind}::Item`,
      target: "shelf",
      properties: { Name, ...(Size !== undefined && { Size }) },
    })),
    ...more,
  })

/** A shelf, and an agent that fills it. */
export const makeAgent = Effect.gen(function* () {
  const shelf = yield* makeShelf
  const context = yield* Layer.build(
    Layer.mergeAll(Agent.layer, Inventory.layer).pipe(
      Layer.provideMerge(Layer.fresh(Store.layerMemory)),
      Layer.provide(PluginCoordinator.layerInProcess([inProcess(shelf.plugin)])),
    ),
  )
  const run = <A, E>(effect: Effect.Effect<A, E, Agent | Inventory>) => Effect.provideContext(effect, context)
  /** Results as `label operation status`, with what else is said. */
  const lines = Effect.map((result: { readonly resources: ReadonlyArray<Line> }) => result.resources.map(lineOf))
  return {
    ...shelf,
    context,
    apply: (...args: Parameters<typeof document>) =>
      run(Effect.flatMap(document(...args), (forma) => Effect.flatMap(Agent, (agent) => agent.apply(forma)))).pipe(
        lines,
      ),
    plan: (...args: Parameters<typeof document>) =>
      run(Effect.flatMap(document(...args), (forma) => Effect.flatMap(Agent, (agent) => agent.plan(forma)))).pipe(
        lines,
      ),
    destroy: (forma: string | DestroyedForma) =>
      run(Effect.flatMap(Agent, (agent) => agent.destroy(forma))).pipe(lines),
    /** The inventory as `forma/label=native id`. */
    owners: run(Effect.flatMap(Inventory, ({ list }) => list())).pipe(
      Effect.map((rows) => rows.map(({ forma, label, nativeId }) => `${forma}/${label}=${nativeId}`)),
    ),
    /** The changes at the provider since the last time. */
    changes: Effect.sync(() => log(shelf.log)),
  }
})

const log = (all: Array<string>) => all.splice(0)

interface Line {
  readonly label: string
  readonly operation: string
  readonly status: string
  readonly movedFrom?: string
  readonly sharedWith?: string
  readonly error: { readonly code: string } | null
}

const lineOf = ({ error, label, movedFrom, operation, sharedWith, status }: Line) =>
  [
    `${label} ${operation} ${status}`,
    movedFrom === undefined ? "" : ` from ${movedFrom}`,
    sharedWith === undefined ? "" : ` shared with ${sharedWith}`,
    error === null ? "" : `: ${error.code}`,
  ].join("")
