/** An agent with a provider in memory that notes each change: shelves with items of four kinds. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Agent } from "../../../src/agent/Agent.ts"
import { Forma, type FormaInput } from "../../../src/agent/forma/Forma.ts"
import type { DestroyedForma } from "../../../src/agent/plan/DestroyedForma.ts"
import { Inventory } from "../../../src/agent/records/Inventory.ts"
import { Namespace } from "../../../src/protocol/Identity.ts"
import * as Store from "../../../src/agent/store/Store.ts"
import { PluginCoordinator } from "../../../src/agent/supervision/PluginCoordinator.ts"
import { withPassingTime } from "../../../src/testing/withPassingTime.ts"
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
 * refuses a second one. `Open`: the plugin says it, and a create replaces what is
 * there, as a policy of a bucket is replaced. `Blind`: the same, but the plugin
 * does not say it. `Numbered`: the provider chooses the native id.
 */
export type Kind = "Named" | "Open" | "Blind" | "Numbered"

const saysWhich: ReadonlySet<Kind> = new Set(["Named", "Open"])

export const makeShelf = Effect.sync(() => {
  const items = new Map<string, Item>()
  const log: Array<string> = []
  /** The key that opens each shelf; any key where there is none. */
  const keys = new Map<string, string>()
  /** What the provider answers in place of the native id. */
  const answers = new Map<string, string>()
  /** What each create has made: a create that is sent again makes nothing else. */
  const made = new Map<string, string>()
  /** The names of items whose creates get no answer, although they may be carried out. */
  const unanswered = new Map<string, "before" | "after">()
  /** The names of items that the plugin was asked about, which thing each is. */
  const asked: Array<string> = []
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

  const noAnswer = ProviderError.of("NetworkFailure", "the connection was lost")

  const define = (kind: Kind) => {
    const idempotency = kind === "Numbered" ? "token" : "name"
    return defineResource({
      type: `Shelf::${kind}::Item`,
      properties,
      target: Target,
      idempotency,
      create: ({ operationId, properties, target }) =>
        Effect.gen(function* () {
          yield* open(target)
          const when = unanswered.get(properties.Name)
          if (when === "before") return yield* noAnswer
          const again = made.get(operationId)
          const nativeId = again ?? (kind === "Numbered" ? `n-${++count}` : properties.Name)
          const place = `${shelfOf(target)}/${kind}/${nativeId}`
          log.push(`create ${nativeId}`)
          if (kind === "Named" && again === undefined && items.has(place)) {
            return yield* ProviderError.of("AlreadyExists", `${nativeId} exists already`)
          }
          items.set(place, properties)
          made.set(operationId, nativeId)
          if (when === "after") return yield* noAnswer
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
        Effect.sync(() => {
          if (Name !== undefined) asked.push(Name)
          return { place: shelfOf(target), nativeId: saysWhich.has(kind) ? Name : undefined }
        }),
    })
  }
  const plugin = definePlugin({
    name: "shelf",
    namespace: "Shelf",
    version: "1.0.0",
    types: [define("Named"), define("Open"), define("Blind"), define("Numbered")],
  })
  return { items, keys, answers, asked, unanswered, log, plugin }
})

type Items = Readonly<Record<string, readonly [kind: Kind, name: string | { readonly $ref: string }, size?: number]>>

/** Resources as `label: kind name [size]`, with targets by name and key. */
export const document = (name: string, resources: Items, more: Partial<FormaInput> = {}) =>
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
  const inTime = <A, E>(effect: Effect.Effect<A, E, Agent | Inventory>) => withPassingTime(run(effect), "1 second")
  /** Results as `label operation status`, with what else is said. */
  const lines = Effect.map((result: { readonly resources: ReadonlyArray<Line> }) => result.resources.map(lineOf))
  return {
    ...shelf,
    context,
    apply: (...args: Parameters<typeof document>) =>
      inTime(Effect.flatMap(document(...args), (forma) => Effect.flatMap(Agent, (agent) => agent.apply(forma)))).pipe(
        lines,
      ),
    /** A shelf as a target with this label. */
    applyAt: (target: string, resources: Items, name = "shop", shelfName = "one") =>
      inTime(
        Effect.flatMap(document(name, resources), ({ resources: all, ...forma }) =>
          Effect.flatMap(Agent, (agent) =>
            agent.apply({
              ...forma,
              targets: { [target]: { namespace: Namespace.make("Shelf"), config: { shelf: shelfName } } },
              resources: all.map((one) => ({ ...one, target })),
            }),
          ),
        ),
      ).pipe(lines),
    plan: (...args: Parameters<typeof document>) =>
      run(Effect.flatMap(document(...args), (forma) => Effect.flatMap(Agent, (agent) => agent.plan(forma)))).pipe(
        lines,
      ),
    resume: inTime(Effect.flatMap(Agent, (agent) => agent.resume())).pipe(lines),
    destroy: (forma: string | DestroyedForma) =>
      run(Effect.flatMap(Agent, (agent) => agent.destroy(forma))).pipe(lines),
    /** The inventory as `forma/label=native id`. */
    owners: run(Effect.flatMap(Inventory, ({ list }) => list())).pipe(
      Effect.map((rows) => rows.map(({ forma, label, nativeId }) => `${forma}/${label}=${nativeId}`)),
    ),
    /** The changes at the provider since the last time. */
    changes: Effect.sync(() => log(shelf.log)),
    /** What the plugin was asked about since the last time. */
    questions: Effect.sync(() => log(shelf.asked)),
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
