/** The resource types of the board. A note is ready at once; a poster takes `settleMillis` to dry. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as JSONSchema from "effect/JSONSchema"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { createHash } from "node:crypto"
import { makePins, type Pin } from "./pins.ts"
import type { JsonObject } from "./protocol.ts"
import { type Answer, decoder, fail, type ResourceType } from "./provider.ts"

const Target = Schema.Struct({
  board: Schema.NonEmptyString,
  settleMillis: Schema.optionalWith(Schema.NonNegative, { exact: true }),
})
const targetOf = decoder(Target, "targetConfig")

const tokenPrefix = "after "

const trait = (...names: ReadonlyArray<string>) =>
  Object.fromEntries(
    ["required", "createOnly", "writeOnly", "opaque", "output", "unordered"].map((name) => [
      name,
      names.includes(name),
    ]),
  )

interface TypeSpec<A extends JsonObject, I> {
  readonly type: string
  readonly idempotency: "name" | "token"
  readonly properties: Schema.Schema<A, I>
  readonly traits: Readonly<Record<string, ReturnType<typeof trait>>>
  /** The property that shows the native id. */
  readonly output: string
  readonly nativeIdOf: (properties: A, operationId: string) => string
}

const capabilitiesOf = <A extends JsonObject, I>(spec: TypeSpec<A, I>): JsonObject => ({
  type: spec.type,
  idempotency: spec.idempotency,
  listable: true,
  recoverable: true,
  targetIdentity: ["board"],
  properties: spec.traits,
  schema: JSONSchema.make(spec.properties, { target: "jsonSchema2020-12" }),
  targetSchema: JSONSchema.make(Target, { target: "jsonSchema2020-12" }),
})

const defineType = <A extends JsonObject, I>(spec: TypeSpec<A, I>): ResourceType => {
  const pins = makePins(spec.type)
  const propertiesOf = decoder(spec.properties, "properties")
  const shown = (nativeId: string, { properties }: Pin) => ({ ...properties, [spec.output]: nativeId })
  const done = (nativeId: string, pin: Pin) =>
    ({ _tag: "Done", nativeId, properties: shown(nativeId, pin) }) satisfies Answer

  const answer = (nativeId: string, pin: Pin) =>
    Effect.map(Clock.currentTimeMillis, (now): Answer =>
      pin.readyAt <= now ? done(nativeId, pin) : { _tag: "Accepted", nativeId, requestId: nativeId },
    )

  return {
    capabilities: capabilitiesOf(spec),
    create: Effect.fn("create")(function* ({ operationId, properties: given, targetConfig }) {
      const properties = yield* propertiesOf(given)
      const { board, settleMillis = 0 } = yield* targetOf(targetConfig)
      const nativeId = spec.nativeIdOf(properties, operationId)
      const readyAt = spec.idempotency === "name" ? 0 : (yield* Clock.currentTimeMillis) + settleMillis
      const added = yield* Effect.either(pins.add(board, nativeId, { operationId, properties, readyAt }))
      if (added._tag === "Left" && added.left.code !== "AlreadyExists") return yield* added.left
      const present = yield* pins.find(board, nativeId)
      if (present.operationId !== operationId) {
        return yield* fail("AlreadyExists", `Another operation has created ${nativeId}`)
      }
      return yield* answer(nativeId, present)
    }),
    recover: Effect.fn("recover")(function* ({ operationId, properties: given, targetConfig }) {
      const nativeId = spec.nativeIdOf(yield* propertiesOf(given), operationId)
      const { board } = yield* targetOf(targetConfig)
      const present = yield* pins.find(board, nativeId).pipe(
        Effect.map(Option.some),
        Effect.catchIf(
          ({ code }) => code === "NotFound",
          () => Effect.succeedNone,
        ),
      )
      if (Option.isNone(present) || present.value.operationId !== operationId) return { status: "NotStarted" } as const
      const answered = yield* answer(nativeId, present.value)
      return answered._tag === "Done"
        ? ({ status: "Done", nativeId, properties: answered.properties } as const)
        : ({ status: "InProgress", nativeId, requestId: answered.requestId } as const)
    }),
    read: Effect.fn("read")(function* ({ nativeId, targetConfig }) {
      const { board } = yield* targetOf(targetConfig)
      return done(nativeId, yield* pins.find(board, nativeId))
    }),
    update: Effect.fn("update")(function* ({ desired: given, nativeId, targetConfig }) {
      const desired: JsonObject = yield* propertiesOf(given)
      const { board } = yield* targetOf(targetConfig)
      const present = yield* pins.find(board, nativeId)
      for (const [name, traits] of Object.entries(spec.traits)) {
        if (traits["createOnly"] === true && desired[name] !== present.properties[name]) {
          return yield* fail("NotUpdatable", `${name} cannot be changed after create`)
        }
      }
      const changed: Pin = { ...present, properties: desired }
      yield* pins.replace(board, nativeId, changed)
      return done(nativeId, changed)
    }),
    delete: Effect.fn("delete")(function* ({ nativeId, targetConfig }) {
      const { board } = yield* targetOf(targetConfig)
      yield* pins.remove(board, nativeId)
      return { _tag: "Done", nativeId, properties: {} } as const
    }),
    status: Effect.fn("status")(function* ({ requestId, targetConfig }) {
      const { board } = yield* targetOf(targetConfig)
      return yield* answer(requestId, yield* pins.find(board, requestId))
    }),
    list: Effect.fn("list")(function* ({ pageSize = 100, pageToken = tokenPrefix, targetConfig }) {
      if (!pageToken.startsWith(tokenPrefix)) return yield* fail("InvalidRequest", `There is no page ${pageToken}`)
      const { board } = yield* targetOf(targetConfig)
      const { last, nativeIds } = yield* pins.list(board, pageToken.slice(tokenPrefix.length), pageSize)
      return last === undefined ? { nativeIds } : { nativeIds, nextPageToken: `${tokenPrefix}${last}` }
    }),
  }
}

const note = defineType({
  type: "Board::Wall::Note",
  idempotency: "name",
  properties: Schema.Struct({ Name: Schema.NonEmptyString, Text: Schema.NonEmptyString }),
  traits: { Name: trait("required", "createOnly"), Text: trait("required"), NoteId: trait("output") },
  output: "NoteId",
  nativeIdOf: ({ Name }) => Name,
})

const poster = defineType({
  type: "Board::Wall::Poster",
  idempotency: "token",
  properties: Schema.Struct({
    Title: Schema.NonEmptyString,
    Text: Schema.optionalWith(Schema.NonEmptyString, { exact: true }),
  }),
  traits: { Title: trait("required", "createOnly"), Text: trait(), PosterId: trait("output") },
  output: "PosterId",
  nativeIdOf: (_, operationId) => `poster-${createHash("sha256").update(operationId).digest("hex").slice(0, 16)}`,
})

export const types: ReadonlyMap<string, ResourceType> = new Map([
  ["Board::Wall::Note", note],
  ["Board::Wall::Poster", poster],
])
